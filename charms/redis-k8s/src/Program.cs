using Ops;
using RedisK8s;

return Charm.Run<RedisCharm>();
