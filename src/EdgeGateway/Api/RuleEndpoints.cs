using System.Text;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Rules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Rules: making and changing them in AWS's JSON, seeing them work, trying statements.</summary>
internal static class RuleEndpoints
{
    private const long MaxBody = 512 * 1024;
    private const int MaxMessages = 1000;

    public static void MapRules(this IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/edge/v1/rules").WithTags("Rules");
        rules.MapGet("", List);
        rules.MapPost("", CreateAsync);
        rules.MapPost("/test", Test);
        rules.MapGet("/{ruleName}", Get);
        rules.MapPut("/{ruleName}", ReplaceAsync);
        rules.MapDelete("/{ruleName}", DeleteAsync);
        rules.MapPost("/{ruleName}/enable", EnableAsync);
        rules.MapPost("/{ruleName}/disable", DisableAsync);
        rules.MapGet("/{ruleName}/trace", Trace);
        rules.MapGet("/{ruleName}/recorded", Recorded);
        rules.MapPost("/{ruleName}/test", ReplayAsync);
    }

    internal static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = 256 });
        return document.RootElement.Clone();
    }

    private static Ok<RuleSummary[]> List(IRules rules) =>
        TypedResults.Ok(rules.All.Select(rule => Summary(rule, rules)).ToArray());

    private static Results<Ok<RuleDetail>, ProblemHttpResult> Get(string ruleName, IRules rules, GatewayOptions gateway)
    {
        if (rules.Find(ruleName) is not { } rule)
            return Problems.NotFound("rule", ruleName);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            RuleJson.Write(writer, rule);
        return TypedResults.Ok(new RuleDetail
        {
            Status = Summary(rule, rules),
            Rule = Json(Encoding.UTF8.GetString(stream.ToArray())),
            Actions =
            [
                .. rules.ActionsOf(rule.Name).Select(static action => new ActionResponse(
                    action.Place, action.Action, action.Succeeded, action.Failed, action.UnderWay, action.Backlog, Math.Round(action.LatencyP50.TotalMilliseconds, 2),
                    Math.Round(action.LatencyP99.TotalMilliseconds, 2), action.LastError, action.LastErrorAt)),
            ],
            RuleArn = gateway.Arn($"rule/{rule.Name}"),
            File = rule.File,
            Warnings = rules.WarningsOf(rule.Name),
        });
    }

    // The name is in the body, as GetTopicRule prints it: a path would leave no name for /test.
    private static async Task<Results<Created<RuleChanged>, ProblemHttpResult>> CreateAsync(HttpRequest request, IRules rules, PassRole passRole, GatewayOptions gateway, Caller caller, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(request, cancellationToken);
        if (body is null)
            return Problems.BadRequest($"the rule is larger than {MaxBody} bytes");
        if (RuleJson.Parse(body, out var error) is not { } definition)
            return Problem(error!);
        if (passRole.Refusal(caller, definition) is { } forbidden)
            return Problems.Forbidden(forbidden);
        if (RuleJson.NameOf(body) is not { } name)
            return Problems.BadRequest("ruleName is missing: the body is AWS's topic rule payload and the name of the rule");
        return await rules.CreateAsync(name, definition, cancellationToken) is { } refused
            ? Problem(refused)
            : TypedResults.Created($"/edge/v1/rules/{name}", Changed(name, rules, gateway));
    }

    private static async Task<Results<Ok<RuleChanged>, ProblemHttpResult>> ReplaceAsync(
        string ruleName, HttpRequest request, IRules rules, PassRole passRole, GatewayOptions gateway, Caller caller, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(request, cancellationToken);
        if (body is null)
            return Problems.BadRequest($"the rule is larger than {MaxBody} bytes");
        if (RuleJson.Parse(body, out var error) is not { } definition)
            return Problem(error!);
        if (passRole.Refusal(caller, definition) is { } forbidden)
            return Problems.Forbidden(forbidden);
        return await rules.ReplaceAsync(ruleName, definition, cancellationToken) is { } refused ? Problem(refused) : TypedResults.Ok(Changed(ruleName, rules, gateway));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string ruleName, IRules rules, CancellationToken cancellationToken) =>
        await rules.DeleteAsync(ruleName, cancellationToken) is { } refused ? Problem(refused) : TypedResults.NoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> EnableAsync(string ruleName, IRules rules, CancellationToken cancellationToken) =>
        SwitchAsync(ruleName, enabled: true, rules, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> DisableAsync(string ruleName, IRules rules, CancellationToken cancellationToken) =>
        SwitchAsync(ruleName, enabled: false, rules, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> SwitchAsync(string ruleName, bool enabled, IRules rules, CancellationToken cancellationToken) =>
        await rules.SetEnabledAsync(ruleName, enabled, cancellationToken) is { } refused ? Problem(refused) : TypedResults.NoContent();

    private static Results<Ok<RuleTestResponse>, ProblemHttpResult> Test(RuleTestRequest request, IRuleTrials trials)
    {
        if (request.Messages.Count > MaxMessages)
            return Problems.BadRequest($"at most {MaxMessages} messages at once");
        var messages = new List<RuleTrialMessage>();
        foreach (var message in request.Messages)
        {
            if (RuleTests.Read(message) is not { } read)
                return Problems.BadRequest("payloadBase64 is not base64");
            messages.Add(read);
        }
        var definition = new RuleDefinition(request.Sql)
        {
            AwsIotSqlVersion = request.Version ?? "2016-03-23",
            Actions = [.. (request.Actions ?? []).Select(static action => action.GetRawText())],
        };
        return trials.Run(definition, messages, out var error) is { } results
            ? TypedResults.Ok(new RuleTestResponse([.. results.Select(RuleTests.Write)], trials.Lint(definition)))
            : Problem(error!);
    }

    // Endless NDJSON: one line a message, from now on.
    private static Results<PushStreamHttpResult, ProblemHttpResult> Trace(string ruleName, IRuleTraces traces, HttpContext http)
    {
        var cancelled = http.RequestAborted;
        if (traces.Watch(ruleName, cancelled) is not { } entries)
            return Problems.NotFound("rule", ruleName);
        return TypedResults.Stream(async stream =>
        {
            await stream.FlushAsync(cancelled);
            await foreach (var entry in entries)
            {
                await JsonSerializer.SerializeAsync(stream, RuleTraceLine.From(entry), ApiJson.Default.RuleTraceLine, cancelled);
                await stream.WriteAsync("\n"u8.ToArray(), cancelled);
                await stream.FlushAsync(cancelled);
            }
        }, "application/x-ndjson");
    }

    private static Results<Ok<RuleTraceLine[]>, ProblemHttpResult> Recorded(string ruleName, IRuleTraces traces) => traces.Recorded(ruleName) is { } entries
        ? TypedResults.Ok(entries.Select(RuleTraceLine.From).ToArray())
        : Problems.NotFound("rule", ruleName);

    private static async Task<Results<Ok<RuleReplayResponse>, ProblemHttpResult>> ReplayAsync(
        string ruleName, HttpRequest request, IRuleTraces traces, IRuleTrials trials, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(request, cancellationToken);
        if (body is null)
            return Problems.BadRequest($"the rule is larger than {MaxBody} bytes");
        if (RuleJson.Parse(body, out var error) is not { } definition)
            return Problem(error!);
        if (traces.Recorded(ruleName) is not { } now || traces.Replay(ruleName, definition, out error) is not { } then)
            return Problems.NotFound("rule", ruleName);
        return error is not null
            ? Problem(error)
            : TypedResults.Ok(new RuleReplayResponse([.. now.Select(RuleTraceLine.From)], [.. then.Select(RuleTraceLine.From)], trials.Lint(definition)));
    }

    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > MaxBody)
                return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static RuleChanged Changed(string name, IRules rules, GatewayOptions gateway) =>
        new(name, gateway.Arn($"rule/{name}"), rules.Find(name) is { Definition.RuleDisabled: false }, rules.WarningsOf(name));

    private static RuleSummary Summary(Rule rule, IRules rules)
    {
        var status = rules.StatusOf(rule.Name) ?? RuleStatus.None;
        return new()
        {
            Name = rule.Name,
            Enabled = !rule.Definition.RuleDisabled,
            Sql = rule.Definition.Sql,
            Matched = status.Matched,
            Fired = status.Fired,
            Failed = status.Failed,
            Dropped = status.Dropped,
            Queued = status.Queued,
            ActionsSucceeded = status.ActionsSucceeded,
            EvaluationMicroseconds = status.Evaluated == 0 ? 0 : Math.Round(status.EvaluationTime.TotalMicroseconds / status.Evaluated, 1),
            EvaluationP50Microseconds = Math.Round(status.EvaluationP50.TotalMicroseconds, 1),
            EvaluationP99Microseconds = Math.Round(status.EvaluationP99.TotalMicroseconds, 1),
            SlowestEvaluationMicroseconds = Math.Round(status.SlowestEvaluation.TotalMicroseconds, 1),
            LastFiredAt = status.LastFiredAt,
            LastError = status.LastError,
            LastErrorAt = status.LastErrorAt,
        };
    }

    private static ProblemHttpResult Problem(RuleError error) => error.Kind switch
    {
        RuleErrorKind.NotFound => Problems.Problem(StatusCodes.Status404NotFound, "Not found", error.Message),
        RuleErrorKind.AlreadyExists or RuleErrorKind.Conflict => Problems.Conflict(error.Message),
        _ => Problems.BadRequest(error.Message),
    };
}
