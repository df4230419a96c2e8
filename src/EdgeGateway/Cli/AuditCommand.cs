using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway audit</c>: who changed what, newest first.</summary>
internal static class AuditCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var limit = new Option<int>("--limit") { Description = "How many entries; 50 if absent", HelpName = "N", DefaultValueFactory = static _ => 50 };
        var before = new Option<long?>("--before") { Description = "Entries before this number", HelpName = "N" };
        return new Command("audit", "Who changed what, newest first") { limit, before }.Runs(globals, async (context, cancellationToken) =>
        {
            var entries = await context.Gateway.GetAsync($"edge/v1/audit?limit={context.Get(limit)}{(context.Get(before) is { } number ? $"&before={number}" : "")}", cancellationToken);
            if (context.Json)
                context.Output.Json(entries);
            else
                context.Output.Table(entries, ("#", Cell.Of("sequence")), ("AT", Cell.Of("at")), ("WHO", Cell.Of("actor")), ("WHAT", Cell.Of("action")), ("ON", Cell.Of("subject")), ("DETAIL", Cell.Of("detail")));
        });
    }
}
