/** Why a rule of NIST 800-53 R5 is not met by some resource; printed into docs/nist-800-53.md. */
export const nistWaivers: Readonly<Record<string, string>> = {
  'NIST.800.53.R5-ALBHttpToHttpsRedirection':
    "With `listener: { kind: 'http' }`, which must be asked for in so many words; with a certificate port 80 only redirects",
  'NIST.800.53.R5-ALBWAFEnabled':
    '`loadBalancer.firewall` is a choice that costs money; these balancers are internal, the one on the internet has it',
  'NIST.800.53.R5-EFSInBackupPlan':
    'The copy in the second region: it can be filled again from the first, whose file system is in a plan',
  'NIST.800.53.R5-ELBDeletionProtectionEnabled':
    'A balancer holds nothing, and a protected one cannot be replaced by an update (docs/decisions/0063)',
  'NIST.800.53.R5-ELBv2ACMCertificateRequired':
    "Listeners of `kind: 'http'`, and the listener on port 80 that only redirects to the one with the certificate",
  'NIST.800.53.R5-IAMNoInlinePolicy':
    'Each policy belongs to one role and goes with it; a managed one could be attached elsewhere by mistake',
  'NIST.800.53.R5-LambdaConcurrency':
    'One invocation a minute and function; a reserved share would take it from the other functions of the account',
  'NIST.800.53.R5-LambdaInsideVPC':
    'The canary of a balancer on the internet: it calls as a client does, from outside, and reaches nothing inside',
  'NIST.800.53.R5-S3BucketLoggingEnabled':
    'The bucket that takes the access logs; logging its own access would feed itself',
  'NIST.800.53.R5-S3BucketReplicationEnabled':
    'Logs, source files and results of jobs belong to one region; further regions load their own',
  'NIST.800.53.R5-S3DefaultEncryptionKMS':
    'Encrypted under keys of S3: balancers deliver logs only so, and tasks need no right to a key',
  'NIST.800.53.R5-SecretsManagerRotationEnabled':
    'The first password only: afterwards the user is changed in the configuration, and a rotation would change nothing',
  'NIST.800.53.R5-SecretsManagerUsingKMSKey':
    'Encrypted under the key of Secrets Manager; who may read it is decided by the policy of two roles, not by a key',
  'NIST.800.53.R5-VPCDefaultSecurityGroupClosed':
    'Nothing uses the default group; closing it takes a Lambda that may change any group of the network',
  'NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW':
    "Public subnets with `outbound: 'nat'`: only gateways and balancers stand in them, nodes never do",
};
