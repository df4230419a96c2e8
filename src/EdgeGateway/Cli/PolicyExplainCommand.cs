using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway policy explain</c>: which statement decides, and why the others do not.</summary>
internal static class PolicyExplainCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var client = new Option<string>("--client") { Description = "Client id that asks", HelpName = "ID", Required = true };
        var action = new Option<string>("--action") { Description = "Such as iot:Publish", HelpName = "ACTION", Required = true };
        var resource = new Option<string>("--resource") { Description = "Such as topic/a/b, topicfilter/a/#, client/C, or a whole ARN", HelpName = "RESOURCE", Required = true };
        var target = new Option<string>("--target") { Description = "Who asks, where the client is neither connected nor a thing: cert/ID or user/NAME", HelpName = "WHO" };
        var address = new Option<string>("--address") { Description = "The address it comes from (aws:SourceIp)", HelpName = "IP" };
        return new Command("explain", "Would this be allowed, by which statement, and why not by the others") { client, action, resource, target, address }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject
            {
                ["client"] = context.Get(client),
                ["action"] = context.Get(action),
                ["resource"] = context.Get(resource),
                ["target"] = context.Get(target),
                ["address"] = context.Get(address),
            };
            var answer = await context.Gateway.PostAsync("edge/v1/policies/explain", request.ToJsonString(), cancellationToken);
            if (context.Json)
                context.Output.Json(answer);
            else
                Print(context.Output, answer);
        });
    }

    private static void Print(Output output, JsonElement answer)
    {
        output.Line($"{Headline(Cell.Text(answer, "decision"))}: {Cell.Text(answer, "action")} on {Cell.Text(answer, "resource")}");
        output.Line($"asked by {Cell.Text(answer, "principal")} as client {Cell.Text(answer, "client")}, {(answer.Has("thing") ? $"for thing {Cell.Text(answer, "thing")}" : "for no thing")}");
        output.Line("");
        var statements = answer.GetProperty("statements");
        if (statements.GetArrayLength() == 0)
            output.Line("No policy is attached to it.");
        else
            output.Table(statements, ("", static row => row.GetProperty("decides").GetBoolean() ? ">" : " "), ("POLICY", Cell.Of("policy")), ("VERSION", Cell.Of("version")), ("STATEMENT", Name), ("EFFECT", Cell.Of("effect")), ("MATCHES", Cell.Of("matches")), ("WHY", Cell.Of("reason")));
        if (answer.GetProperty("missingVariables") is { } missing && missing.GetArrayLength() > 0)
            output.Line($"Variables without a value: {Cell.Text(missing)}");
    }

    private static string Name(JsonElement row) => row.Has("sid") ? $"{Cell.Text(row, "statement")} ({Cell.Text(row, "sid")})" : Cell.Text(row, "statement");

    private static string Headline(string decision) => decision switch
    {
        "ALLOWED" => "Allowed",
        "EXPLICIT_DENY" => "Denied by a Deny statement",
        _ => "Denied, because no statement allows it",
    };
}
