using System.Text;
using System.Text.Json;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Tables;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The tables that rules write and read: making, querying, exporting.</summary>
internal static class TableEndpoints
{
    private const int MaxBody = 512 * 1024;

    public static void MapTables(this IEndpointRouteBuilder routes)
    {
        var tables = routes.MapGroup("/edge/v1/tables").WithTags("Tables");
        tables.MapGet("", List);
        tables.MapPost("", CreateAsync);
        tables.MapDelete("/{tableName}", DeleteAsync);
        tables.MapGet("/{tableName}/rows", Query);
        tables.MapPut("/{tableName}/rows", PutAsync);
        tables.MapDelete("/{tableName}/rows", DeleteRowAsync);
        tables.MapGet("/{tableName}/export", Export);
    }

    private static Ok<TableSummary[]> List(ITables tables) => TypedResults.Ok(tables.All.Select(Write).ToArray());

    private static async Task<Results<Created<TableSummary>, ProblemHttpResult>> CreateAsync(TableSummary wanted, ITables tables)
    {
        if (Read(wanted.HashKey) is not { } hash || (wanted.RangeKey is not null && Read(wanted.RangeKey) is null))
            return Problems.BadRequest("the type of a key column is string or number");
        var table = new Table(wanted.Name, hash, wanted.RangeKey is null ? null : Read(wanted.RangeKey)) { TtlMember = wanted.TtlMember, Indexes = [.. wanted.Indexes] };
        return await tables.CreateAsync(table) is { } refused ? Problem(refused) : TypedResults.Created($"/edge/v1/tables/{table.Name}", Write(table));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string tableName, ITables tables) =>
        await tables.DeleteAsync(tableName) is { } refused ? Problem(refused) : TypedResults.NoContent();

    private static Results<Ok<JsonElement[]>, ProblemHttpResult> Query(
        string tableName, ITables tables, string? hash = null, string? from = null, string? to = null, string? member = null, string? value = null, int limit = 100, bool descending = false)
    {
        if (tables.Find(tableName) is null)
            return Problems.NotFound("table", tableName);
        var rows = tables.Query(tableName, new TableQuery(hash, from, to, limit, descending) { Member = member, Value = value });
        return TypedResults.Ok(rows.Select(static row => RuleEndpoints.Json(Encoding.UTF8.GetString(row.Document.Span))).ToArray());
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(string tableName, HttpRequest request, ITables tables, CancellationToken cancellationToken, bool merge = false)
    {
        if (request.ContentLength is null or > MaxBody)
            return Problems.BadRequest($"a row is a JSON object of at most {MaxBody} bytes");
        var body = new byte[(int)request.ContentLength];
        await request.Body.ReadExactlyAsync(body, cancellationToken);
        return await (merge ? tables.UpdateAsync(tableName, body) : tables.PutAsync(tableName, body)) is { } refused ? Problem(refused) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteRowAsync(string tableName, string hash, ITables tables, string? range = null) =>
        await tables.DeleteRowAsync(tableName, hash, range) is { } refused ? Problem(refused) : TypedResults.NoContent();

    private static Results<PushStreamHttpResult, ProblemHttpResult> Export(string tableName, ITables tables, string format = "json")
    {
        if (tables.Find(tableName) is not { } table)
            return Problems.NotFound("table", tableName);
        if (format is not ("json" or "csv"))
            return Problems.BadRequest($"format is '{format}', expected json or csv");
        return format == "csv"
            ? TypedResults.Stream(stream => TableExport.WriteCsvAsync(tables, table, stream), "text/csv")
            : TypedResults.Stream(stream => TableExport.WriteJsonAsync(tables, table, stream), "application/json");
    }

    private static TableKey? Read(TableColumn column) => column.Type switch
    {
        "string" => new(column.Name, TableKeyType.String),
        "number" => new(column.Name, TableKeyType.Number),
        _ => null,
    };

    private static TableSummary Write(Table table) => new()
    {
        Name = table.Name,
        HashKey = Write(table.HashKey),
        RangeKey = table.RangeKey is { } range ? Write(range) : null,
        TtlMember = table.TtlMember,
        Indexes = table.Indexes,
    };

    private static TableColumn Write(TableKey key) => new(key.Name, key.Type == TableKeyType.Number ? "number" : "string");

    private static ProblemHttpResult Problem(RuleError error) => error.Kind switch
    {
        RuleErrorKind.NotFound => Problems.Problem(StatusCodes.Status404NotFound, "Not found", error.Message),
        RuleErrorKind.AlreadyExists or RuleErrorKind.Conflict => Problems.Conflict(error.Message),
        _ => Problems.BadRequest(error.Message),
    };
}
