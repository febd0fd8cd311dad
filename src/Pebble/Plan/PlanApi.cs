using Pebble.Api;
using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>/v1/plan and /v1/layers.</summary>
static class PlanApi
{
    public static ValueTask<Reply> Get(Daemon daemon, Request request, CancellationToken _)
    {
        var format = request.Query.First("format");
        if (format != "yaml")
        {
            throw ApiError.BadRequest($"invalid format {GoQuote.Quote(format)}");
        }

        var yaml = PlanYaml.Write(daemon.Plan.Current);
        return ValueTask.FromResult(Reply.Sync(writer => writer.WriteStringValue(yaml)));
    }

    public static async ValueTask<Reply> AddLayerAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var body = await request.ReadJsonAsync("cannot decode request body", cancellation);
        var action = body.String("action");
        var label = body.String("label");
        var format = body.String("format");
        var yaml = body.String("layer");
        if (action != "add")
        {
            throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}");
        }

        if (label.Length == 0)
        {
            throw ApiError.BadRequest("label must be set");
        }

        if (format != "yaml")
        {
            throw ApiError.BadRequest($"invalid format {GoQuote.Quote(format)}");
        }

        try
        {
            var layer = LayerReader.Read(0, label, yaml);
            SecurityLog.Warn("authz_admin", $"{SecurityLog.NameOf(request.Caller)},add_layer", $"Adding layer {label}");
            Add(daemon, layer, body.Bool("combine"), body.Bool("inner"));
        }
        catch (PlanError e)
        {
            throw ApiError.BadRequest($"cannot parse layer YAML: {e.Message}");
        }

        return Reply.Sync(writer => writer.WriteBooleanValue(true));
    }

    static void Add(Daemon daemon, Layer layer, bool combine, bool inner)
    {
        try
        {
            daemon.Plan.Add(layer, combine, inner);
        }
        catch (PlanError e)
        {
            throw ApiError.BadRequest(e.Message);
        }
        catch (InvalidOperationException e)
        {
            throw ApiError.Internal(e.Message);
        }
    }
}
