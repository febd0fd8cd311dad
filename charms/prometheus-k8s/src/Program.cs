using Ops;
using PrometheusK8s;

return Charm.Run<PrometheusCharm>();
