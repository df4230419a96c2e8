using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway job</c>: what devices are to do, and how far they are.</summary>
internal static class JobCommand
{
    private const string Path = "edge/v1/jobs";

    public static Command Create(GlobalOptions globals) => new("job", "Jobs for devices: list, show, create, executions, cancel, delete")
    {
        List(globals), Show(globals), Make(globals), Executions(globals), Cancel(globals), Delete(globals),
    };

    private static Argument<string> Id() => new("ID") { Description = "Id of the job: letters, digits, '_' and '-'" };

    private static Option<bool> Force(string description) => new("--force") { Description = description };

    private static string At(string id, string rest = "") => $"{Path}/{Uri.EscapeDataString(id)}{rest}";

    private static Command List(GlobalOptions globals) => new Command("list", "Jobs in order of their ids, with how far they are").Runs(globals, (context, cancellationToken) => context.ListAsync(
        Path, cancellationToken, ("JOB", Cell.Of("id")), ("STATUS", Cell.Of("status")), ("WAITING", Cell.Of("waiting")), ("QUEUED", Cell.Of("queued")), ("IN PROGRESS", Cell.Of("inProgress")), ("SUCCEEDED", Cell.Of("succeeded")),
        ("FAILED", static row => $"{row.GetProperty("failed").GetInt64() + row.GetProperty("timedOut").GetInt64() + row.GetProperty("rejected").GetInt64()}"), ("CANCELED", Cell.Of("canceled")), ("DESCRIPTION", Cell.Of("description"))));

    private static Command Show(GlobalOptions globals)
    {
        var id = Id();
        return new Command("show", "One job") { id }.Runs(globals, async (context, cancellationToken) => context.Object(await context.Gateway.GetAsync(At(context.Get(id)), cancellationToken)));
    }

    private static Command Make(GlobalOptions globals)
    {
        var id = Id();
        var document = new Option<string>("--document") { Description = "File with the JSON that devices get", HelpName = "FILE", Required = true };
        var things = new Option<string[]>("--thing") { Description = "Thing that gets it; may be repeated", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
        var groups = new Option<string[]>("--group") { Description = "Group whose things get it, also a dynamic one; may be repeated", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
        var continuous = new Option<bool>("--continuous") { Description = "Things that join a group later get it too" };
        var description = new Option<string>("--description") { Description = "What it is for", HelpName = "TEXT" };
        var rate = new Option<int?>("--rate") { Description = "Tell N things a minute; without it all at once", HelpName = "N" };
        var timeout = new Option<int?>("--timeout") { Description = "Minutes from IN_PROGRESS to TIMED_OUT", HelpName = "MINUTES" };
        var retries = new Option<int?>("--retries") { Description = "Further runs after one that failed or timed out", HelpName = "N" };
        var abort = new Option<double?>("--abort") { Description = "Cancel the job when PERCENT of those that ended have failed", HelpName = "PERCENT" };
        var after = new Option<int?>("--abort-after") { Description = "But not before N have ended", HelpName = "N" };
        return new Command("create", "Make a job") { id, document, things, groups, continuous, description, rate, timeout, retries, abort, after }.Runs(globals, async (context, cancellationToken) =>
        {
            var text = await context.ReadFileAsync(context.Get(document)!, cancellationToken);
            var request = new JsonObject
            {
                ["things"] = Names(context.Get(things)), ["groups"] = Names(context.Get(groups)), ["document"] = Parse(text), ["continuous"] = context.Get(continuous), ["description"] = context.Get(description),
                ["ratePerMinute"] = context.Get(rate), ["timeoutMinutes"] = context.Get(timeout), ["retries"] = context.Get(retries), ["abortPercentage"] = context.Get(abort), ["abortAfter"] = context.Get(after),
            };
            var made = await context.Gateway.PutAsync(At(context.Get(id)), request.ToJsonString(), cancellationToken);
            context.Say($"Job {context.Get(id)} is {Cell.Text(made, "status")}: {Cell.Text(made, "queued")} things told, {Cell.Text(made, "waiting")} waiting.", made);
        });
    }

    private static Command Executions(GlobalOptions globals)
    {
        var id = Id();
        return new Command("executions", "How far each thing is with a job") { id }.Runs(globals, (context, cancellationToken) => context.ListAsync(
            At(context.Get(id), "/executions"), cancellationToken, ("THING", Cell.Of("thing")), ("STATUS", Cell.Of("status")), ("DETAILS", Cell.Of("details")), ("RUN", Cell.Of("number")), ("UPDATED", Cell.Of("updatedAt"))));
    }

    private static Command Cancel(GlobalOptions globals)
    {
        var (id, force) = (Id(), Force("What is in progress too"));
        var comment = new Option<string>("--comment") { Description = "Why", HelpName = "TEXT" };
        return new Command("cancel", "Cancel a job: what is queued is taken back") { id, force, comment }.Runs(globals, async (context, cancellationToken) =>
        {
            var job = await context.Gateway.PostAsync(At(context.Get(id), "/cancel").With(("force", context.Get(force)), ("comment", context.Get(comment))), "", cancellationToken);
            context.Say($"Job {context.Get(id)} is cancelled; {Cell.Text(job, "inProgress")} things are still at it.", job);
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var (id, force) = (Id(), Force("Also one that has not ended"));
        return new Command("delete", "Delete a job that has ended") { id, force }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Job {context.Get(id)} is deleted.", await context.Gateway.DeleteAsync(At(context.Get(id)).With(("force", context.Get(force))), cancellationToken)));
    }

    private static JsonArray? Names(string[]? names) => names is { Length: > 0 } ? new([.. names.Select(static name => (JsonNode)name)]) : null;

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException ex)
        {
            throw new CommandFailedException($"the document is not JSON: line {ex.LineNumber + 1}, byte {ex.BytePositionInLine + 1}", ExitCodes.Usage);
        }
    }
}
