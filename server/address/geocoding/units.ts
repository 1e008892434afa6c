const metersPerFoot = 0.3048;

export const toMeters = (feet: number): number => feet * metersPerFoot;
export const toFeet = (meters: number): number => meters / metersPerFoot;
