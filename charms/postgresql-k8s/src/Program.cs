using Ops;
using PostgresqlK8s;

return Charm.Run<PostgresqlCharm>();
