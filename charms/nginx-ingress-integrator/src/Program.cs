using Ops;
using NginxIngressIntegrator;

return Charm.Run<NginxIngressCharm>();
