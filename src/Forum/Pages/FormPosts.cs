using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Pages;

/// <summary>
/// Lets plain HTML forms use the whole API without scripts: POST /form/PATH is METHOD /PATH with the form's fields, and the JSON
/// answer becomes a redirect, or the form once more with what was wrong.
/// </summary>
sealed class FormPosts(RequestDelegate next)
{
    const string Prefix = "/form/";
    const int LargestAnswer = 4 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || request.Path.Value?.StartsWith(Prefix, StringComparison.Ordinal) != true || !request.HasFormContentType)
        {
            await next(context);
            return;
        }

        var form = await Parameters.ReadFormAsync(request);
        var method = form["_method"].ToString().ToUpperInvariant();
        var path = request.Path.Value[(Prefix.Length - 1)..];
        request.Path = path;
        request.Method = method is "PUT" or "DELETE" ? method : "POST";
        request.Headers.Accept = "application/json";
        var (original, answer) = (context.Response.Body, new MemoryStream());
        context.Response.Body = answer;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        catch (RefusedException refusal)
        {
            // Not a forged request: nobody is to find another site's form filled in here, with a token that is good.
            await Refusals.AnswerAsync(context, refusal);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = original;
        }

        request.Method = "GET";
        request.Headers.Accept = "text/html";
        var json = Read(answer);
        context.Response.ContentLength = null;
        if (context.Response.StatusCode < 300 && Errors(json).Count == 0)
        {
            if ((json?["needs_approval"] ?? json?["requires_approval"])?.ToString() == "true")
            {
                await WaitAsync(context, "A staff member must approve your account before you can log in. You will get a mail when that has happened.");
                return;
            }

            if (json?["action"]?.ToString() == "enqueued")
            {
                await WaitAsync(context, "A staff member must approve your post before others see it. You will be notified when that has happened.");
                return;
            }

            context.Response.StatusCode = 303;
            context.Response.ContentType = null;
            context.Response.Headers.Location = Target(form["_return"].ToString(), json);
            return;
        }

        if (context.Response.StatusCode is >= 300 and < 400)
            return;
        await AgainAsync(context, path, method, form, json, context.Response.StatusCode is 200 ? 422 : context.Response.StatusCode);
    }

    static JsonNode? Read(MemoryStream answer)
    {
        if (answer.Length is 0 or > LargestAnswer)
            return null;
        try
        {
            return JsonNode.Parse(answer.GetBuffer().AsSpan(0, (int)answer.Length));
        }
        catch (JsonException)
        {
            return new JsonObject { ["errors"] = new JsonArray(System.Text.Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length)) };
        }
    }

    /// <summary>What the API says went wrong: errors, error, or message beside success: false.</summary>
    static List<string> Errors(JsonNode? json)
    {
        if (json is not JsonObject map)
            return [];
        if (map["errors"] is JsonArray list)
            return [.. list.Select(error => error?.ToString() ?? "")];
        if (map["error"] is JsonValue error)
            return [error.ToString()];
        if (map["success"] is JsonValue success && success.GetValueKind() == JsonValueKind.False)
            return [map["message"]?.ToString() ?? "That did not work."];
        return map["failed"] is not null ? [map["message"]?.ToString() ?? "That did not work."] : [];
    }

    static string Target(string asked, JsonNode? json)
    {
        if (asked == "post" && (json?["post"] ?? json)?["post_url"] is JsonValue url)
            return url.ToString();
        if (asked == "category" && json?["category"]?["id"] is JsonValue id)
            return $"/c/{id}";
        // Browsers read a backslash as a slash and leave tabs out, so that either could make it another site's address.
        return asked.StartsWith('/') && !asked.StartsWith("//", StringComparison.Ordinal) && !asked.Contains('\\', StringComparison.Ordinal) && !asked.Any(char.IsControl) ? asked : "/";
    }

    /// <summary>What was asked is done, and yet there is nothing to see before a staff member has looked at it.</summary>
    static async Task WaitAsync(HttpContext context, string what)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, context.RequestAborted);
        var frame = new PageFrame("Almost done", viewer, null, context.Request.Path, NoIndex: true);
        await PageRenderer.Page<MessageView>(frame, new()
        {
            ["Heading"] = "Almost done",
            ["Html"] = $"<p>{what}</p>",
        }).ExecuteAsync(context);
    }

    static async Task AgainAsync(HttpContext context, string path, string method, IFormCollection form, JsonNode? json, int status)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, context.RequestAborted);
        var frame = await services.GetRequiredService<PageRenderer>().FrameAsync(context, viewer, "Please check", withForm: true, context.RequestAborted);
        var fields = form.Where(pair => pair.Key is not ("authenticity_token" or "_method" or "_return" or "second_factor_token")).Select(pair => new FormField(
            pair.Key, CultureInfo.InvariantCulture.TextInfo.ToTitleCase(pair.Key.Replace('_', ' ')), Kind(pair.Key), pair.Key == "password" ? "" : pair.Value.ToString())).ToList();
        // A code works once: it is asked for again whatever was wrong.
        if (json?["totp_enabled"]?.ToString() == "true" || form.ContainsKey("second_factor_token"))
            fields.Add(new FormField("second_factor_token", "Code of your authenticator", Autocomplete: "one-time-code"));
        var errors = Errors(json);
        await PageRenderer.Page<FormView>(frame, new()
        {
            ["Heading"] = "Please check",
            ["Errors"] = errors.Count > 0 ? errors : ["That did not work."],
            ["FormsOf"] = new[] { new SimpleForm(path, method, form["_return"].ToString(), "Try again", fields) },
        }, status).ExecuteAsync(context);
    }

    static string Kind(string name) => name switch
    {
        "raw" or "post[raw]" or "bio_raw" or "reason" => "textarea",
        "password" => "password",
        "title" or "username" or "login" or "email" or "name" or "tags" or "category" or "target_recipients" or "text_color" or "color" or "message" or "new_username" or "website" or "location" => "text",
        _ => "hidden",
    };
}
