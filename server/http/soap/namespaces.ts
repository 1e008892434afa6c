/** Namespace of the WSDLs' messages, port types and services, and of the fault's type (rest-soap-conventions section 8). */
export const descriptionNamespace = 'http://spectrum.pb.com/';

/** Namespace of the element `ServiceInvocationFault`. */
export const faultNamespace = 'http://www.pb.com/spectrum/services/';
