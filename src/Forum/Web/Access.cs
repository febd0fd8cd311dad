using Forum.Sessions;

namespace Forum.Web;

/// <summary>Who may call an endpoint at all. What they may do with a given topic or user, the handler asks.</summary>
enum Access
{
    Anyone,
    LoggedIn,
    Staff,
    Admin,
}

/// <summary>The upstream names of an endpoint: for X-Discourse-Route, metrics and the scopes of API keys.</summary>
sealed record RouteAction(string Controller, string Action)
{
    readonly string _text = $"{Controller}/{Action}";

    public override string ToString() => _text;
}

/// <summary>An endpoint that works without a CSRF token: webhooks, callbacks, long polls.</summary>
sealed record WithoutCsrf;

/// <summary>An endpoint that anonymous visitors reach although login_required is on.</summary>
sealed record OpenToVisitors;

static class AccessRules
{
    extension<T>(T builder) where T : IEndpointConventionBuilder
    {
        public T AllowAnyone() => builder.WithMetadata(Access.Anyone);

        /// <summary>403 not_logged_in (JSON) or 404 (HTML) for anonymous visitors.</summary>
        public T RequireLogin() => builder.WithMetadata(Access.LoggedIn);

        /// <summary>Anyone else gets 404: /admin does not exist for them.</summary>
        public T RequireStaff() => builder.WithMetadata(Access.Staff);

        public T RequireAdmin() => builder.WithMetadata(Access.Admin);

        /// <summary>controller#action, as upstream's routes name it: "topics#show".</summary>
        public T Named(string action)
        {
            var words = action.Split('#');
            return builder.WithMetadata(new RouteAction(words[0], words[1]));
        }

        public T WithoutCsrf() => builder.WithMetadata(new WithoutCsrf());

        public T OpenToVisitors() => builder.WithMetadata(new OpenToVisitors());
    }

    /// <summary>Throws unless the endpoint lets the user in.</summary>
    public static void Check(Endpoint endpoint, CurrentUser user, bool loginRequired)
    {
        var access = endpoint.Metadata.OfType<Access>().LastOrDefault(Access.LoggedIn);
        if (user.IsAnonymous && loginRequired && access == Access.Anyone && endpoint.Metadata.GetMetadata<OpenToVisitors>() is null)
        {
            access = Access.LoggedIn;
        }

        switch (access)
        {
            case Access.LoggedIn when user.IsAnonymous:
                throw Refused.NotLoggedIn();
            case Access.Staff when !user.IsStaff:
            case Access.Admin when !user.IsAdmin:
                throw Refused.NotFound();
        }
    }
}
