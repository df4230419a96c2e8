using System.CommandLine;
using System.Text;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway sql</c>: one statement against one message, without side effects; needs a gateway only where the statement asks one.</summary>
internal static class SqlCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var sql = new Argument<string>("sql") { Description = "The statement, such as \"SELECT temperature FROM 'sensors/+/telemetry' WHERE temperature > 30\"" };
        var topic = new Option<string>("--topic") { Description = "The message's topic; default: whatever FROM asks for", HelpName = "T" };
        var payload = new Option<string>("--payload") { Description = "The message's payload; default: {}", HelpName = "JSON" };
        var file = new Option<string>("--payload-file") { Description = "Read the payload from FILE, any bytes; - is standard input", HelpName = "FILE" };
        var client = new Option<string>("--client-id") { Description = "MQTT client id of the publisher", HelpName = "C" };
        var version = new Option<string>("--sql-version") { Description = "2015-10-08, 2016-03-23 (default) or edge-1", HelpName = "V", DefaultValueFactory = static _ => "2016-03-23" };
        return new Command("sql", "Evaluate one rule statement against one message") { sql, topic, payload, file, client, version }.Runs(globals, async (context, cancellationToken) =>
        {
            var message = new RuleTestMessage
            {
                Topic = context.Get(topic),
                PayloadBase64 = Convert.ToBase64String(await PayloadAsync(context.Get(payload), context.Get(file), cancellationToken)),
                ClientId = context.Get(client),
            };
            var response = await EvaluateAsync(context, context.Get(sql), context.Get(version)!, message, cancellationToken);
            return Print(context, response);
        });
    }

    private static async Task<RuleTestResponse> EvaluateAsync(CommandContext context, string sql, string version, RuleTestMessage message, CancellationToken cancellationToken)
    {
        if (RuleTests.AsksGateway(sql, version))
        {
            try
            {
                var request = new RuleTestRequest { Sql = sql, Version = version, Messages = [message] };
                var answer = await context.Gateway.PostAsync("edge/v1/rules/test", JsonSerializer.Serialize(request, ApiJson.Default.RuleTestRequest), cancellationToken);
                return answer.Deserialize(ApiJson.Default.RuleTestResponse)!;
            }
            catch (CommandFailedException)
            {
                // Not running: the statement is tried without its answers, and what it asks fails in words.
            }
        }
        return RuleTests.RunLocally(sql, version, message, out var error) ?? throw new CommandFailedException(error!);
    }

    private static int Print(CommandContext context, RuleTestResponse response)
    {
        var result = response.Results[0];
        if (context.Json)
        {
            context.Output.Json(JsonSerializer.SerializeToElement(response, ApiJson.Default.RuleTestResponse));
            return result.Error is null ? ExitCodes.Done : ExitCodes.Failed;
        }
        foreach (var note in response.Warnings.Concat(result.Notes))
            context.Error.WriteLine($"edgegateway: note: {note}");
        if (result.Error is { } error)
            throw new CommandFailedException(error);
        if (!result.Matched)
            context.Error.WriteLine($"edgegateway: note: {result.WhyNot}");
        context.Output.Line(result.Matched ? result.Output?.GetRawText() ?? result.OutputBase64 ?? "" : "no match");
        foreach (var more in result.More)
            context.Output.Line(more.GetRawText());
        return ExitCodes.Done;
    }

    private static async Task<byte[]> PayloadAsync(string? payload, string? file, CancellationToken cancellationToken)
    {
        if (payload is not null && file is not null)
            throw new CommandFailedException("--payload and --payload-file exclude each other", ExitCodes.Usage);
        if (file is null)
            return Encoding.UTF8.GetBytes(payload ?? "{}");
        try
        {
            if (file != "-")
                return await File.ReadAllBytesAsync(file, cancellationToken);
            using var bytes = new MemoryStream();
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} cannot be read: {ex.Message}", ExitCodes.Failed, ex);
        }
    }
}
