using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Shadows for the pages and the command line: documents and requests as on the wire (AWS guide: Shadow documents), refusals as problem details.</summary>
internal static class ShadowEndpoints
{
    private const int PageSize = 1000;
    private const int HistoryDefault = 20;

    public static void MapShadows(this IEndpointRouteBuilder routes)
    {
        var shadows = routes.MapGroup("/edge/v1/shadows").WithTags("Shadows");
        shadows.MapGet("/", List);
        shadows.MapGet("/{thing}", GetAsync);
        shadows.MapPost("/{thing}", UpdateAsync);
        shadows.MapDelete("/{thing}", DeleteAsync);
        shadows.MapGet("/{thing}/history", History);
        shadows.MapPut("/{thing}/history", KeepAsync);
        shadows.MapGet("/{thing}/watch", WatchAsync);
    }

    /// <param name="thing">Null: of all things.</param>
    private static Ok<ShadowSummaryResponse[]> List(string? thing, IShadows shadows, IShadowFeed feed)
    {
        var found = thing is null ? All(feed) : Of(thing, shadows);
        return TypedResults.Ok(found.OrderBy(static shadow => shadow.Thing, StringComparer.Ordinal).ThenBy(static shadow => shadow.Name, StringComparer.Ordinal).ToArray());
    }

    private static IEnumerable<ShadowSummaryResponse> Of(string thing, IShadows shadows)
    {
        foreach (var name in shadows.NamesOf(thing, "", int.MaxValue).Prepend(""))
            if (shadows.Find(new(thing, name)) is { } document)
                yield return ShadowSummaryResponse.From(new(thing, name), document);
    }

    private static IEnumerable<ShadowSummaryResponse> All(IShadowFeed feed)
    {
        var found = new Dictionary<ShadowId, ShadowSummaryResponse>();               // one that changes meanwhile comes twice
        for (var (sequence, page) = (0L, feed.Since(0, PageSize)); page.Count > 0; page = feed.Since(sequence, PageSize))
        {
            foreach (var stored in page.Where(static stored => stored.Document.Exists))
                found[stored.Shadow] = ShadowSummaryResponse.From(stored.Shadow, stored.Document);
            sequence = page[^1].Sequence;
        }
        return found.Values;
    }

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> GetAsync(string thing, string? name, IShadows shadows, CancellationToken cancellationToken) =>
        AnswerAsync(shadows.GetAsync(new(thing, name ?? ""), default, cancellationToken));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> UpdateAsync(
        string thing, string? name, HttpRequest request, IShadows shadows, ShadowOptions limits, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, limits.MaxRequestBytes, cancellationToken);
        return await AnswerAsync(shadows.UpdateAsync(new(thing, name ?? ""), body, MessageOrigin.Api, cancellationToken));
    }

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> DeleteAsync(string thing, string? name, IShadows shadows, CancellationToken cancellationToken) =>
        AnswerAsync(shadows.DeleteAsync(new(thing, name ?? ""), default, MessageOrigin.Api, cancellationToken));

    private static Results<Ok<ShadowHistoryResponse>, ProblemHttpResult> History(string thing, string? name, int? limit, IShadowHistory history)
    {
        var shadow = new ShadowId(thing, name ?? "");
        if (limit is < 1 or > IShadowHistory.MaxEntries)
            return Problems.BadRequest($"limit is {limit}, allowed are 1 to {IShadowHistory.MaxEntries}");
        var versions = history.Read(shadow, limit ?? HistoryDefault).Select(document => ShadowVersionResponse.From(shadow, document));
        return TypedResults.Ok(new ShadowHistoryResponse(history.EntriesOf(shadow), [.. versions]));
    }

    private static async Task<Results<Ok<ShadowHistoryResponse>, ProblemHttpResult>> KeepAsync(
        string thing, string? name, int entries, IShadowHistory history, CancellationToken cancellationToken)
    {
        var shadow = new ShadowId(thing, name ?? "");
        if (!shadow.IsValid)
            return Problems.BadRequest($"'{shadow}' is no name of a shadow: letters, digits, ':', '_' and '-', at most {ShadowId.MaxThingLength} for the thing and {ShadowId.MaxNameLength} for the shadow");
        if (entries is < 0 or > IShadowHistory.MaxEntries)
            return Problems.BadRequest($"entries is {entries}, allowed are 0 to {IShadowHistory.MaxEntries}");
        await history.KeepAsync(shadow, entries, cancellationToken);
        return History(thing, name, limit: null, history);
    }

    private static Task WatchAsync(string thing, string? name, HttpContext http, IShadows shadows, IShadowFeed feed, IHostApplicationLifetime lifetime) =>
        new ShadowWatch(new(thing, name ?? ""), shadows, feed).RunAsync(http, lifetime.ApplicationStopping);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> AnswerAsync(Task<ShadowAnswer> answer) => await answer switch
    {
        ShadowAnswer.Accepted accepted => TypedResults.Bytes(accepted.Body, "application/json"),
        ShadowAnswer.Rejected { Error: var error } => Problems.Problem(error.Code, "Shadow request refused", error.Message),
        _ => throw new InvalidOperationException("an answer is accepted or rejected"),
    };

    /// <summary>No more than a byte over the limit is taken in: that is enough to refuse it.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        var body = new byte[(int)Math.Clamp(request.ContentLength + 1 ?? 4096, 1, most + 1L)];
        var length = 0;
        while (await request.Body.ReadAsync(body.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > most)
                break;
            if (length == body.Length)
                Array.Resize(ref body, (int)Math.Min(length * 2L, most + 1L));
        }
        return body.AsMemory(0, length);
    }
}
