using Ops;

return Charm.Run<Discourse.DiscourseCharm>();
