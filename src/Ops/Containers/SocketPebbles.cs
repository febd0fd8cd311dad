using Pebble.Client;

namespace Ops;

/// <summary>The Pebbles of a unit's containers, at the place where Juju puts their sockets.</summary>
static class SocketPebbles
{
    public static IPebble Connect(string container) => new ClientPebble(new PebbleClient($"/charm/containers/{container}/pebble.socket"));
}
