return Ops.Charm.Run<Hello.HelloCharm>();
