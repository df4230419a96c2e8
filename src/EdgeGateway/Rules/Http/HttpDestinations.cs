using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using EdgeGateway.Configuration;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Http;

/// <inheritdoc cref="IHttpDestinations"/>
internal sealed partial class HttpDestinations(
    Database database, RuleHttp http, RulesOptions options, GatewayOptions gateway, TimeProvider time, ILogger<HttpDestinations> logger) : IHttpDestinations
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private ImmutableSortedDictionary<string, HttpDestination> _byArn = database.Read(Load);

    public IReadOnlyList<HttpDestination> All => [.. _byArn.Values.Select(Aged)];

    public HttpDestination? Find(string arn) => _byArn.GetValueOrDefault(arn) is { } found ? Aged(found) : null;

    public string? Refusal(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            return $"{url} is not an address of http or https";
        if (options.TrustedUrls.Any(trusted => IsBelow(uri, trusted)))
            return null;
        var destination = _byArn.Values.Select(Aged).Where(candidate => IsBelow(uri, candidate.Url)).OrderByDescending(static candidate => candidate.Status == HttpDestinationStatus.Enabled).FirstOrDefault();
        if (destination is null)
            return $"there is no destination for {url}: make one, or trust the address under rules.http.trusted";
        if (destination.Status != HttpDestinationStatus.Enabled)
            return $"the destination {destination.Url} is {Word(destination.Status)}, not ENABLED";
        return uri.Scheme == "http" ? $"{url} would go without TLS; only an address under rules.http.trusted may" : null;
    }

    public async Task<HttpDestination> CreateAsync(string confirmationUrl, CancellationToken cancellationToken)
    {
        if (_byArn.Values.FirstOrDefault(destination => destination.Url == confirmationUrl) is { } present)
            return Aged(present);
        var now = time.GetUtcNow();
        var made = new HttpDestination(
            gateway.Arn($"ruledestination/http/{Guid.NewGuid()}"), confirmationUrl, HttpDestinationStatus.InProgress, "awaiting confirmation", Token(), now, now);
        await SaveAsync(made);
        await RequestAsync(made, cancellationToken);
        return made;
    }

    public async Task<HttpDestination?> SetStatusAsync(string arn, HttpDestinationStatus status, CancellationToken cancellationToken)
    {
        if (Find(arn) is not { } destination)
            return null;
        var token = status == HttpDestinationStatus.InProgress ? Token() : destination.Token;
        var changed = destination with { Status = status, Token = token, Reason = null, UpdatedAt = time.GetUtcNow() };
        await SaveAsync(changed);
        if (status == HttpDestinationStatus.InProgress)
            await RequestAsync(changed, cancellationToken);
        return changed;
    }

    public async Task<bool> ConfirmAsync(string token, CancellationToken cancellationToken)
    {
        if (All.FirstOrDefault(destination => destination is { Status: HttpDestinationStatus.InProgress, Token: { } awaited } && IsSame(awaited, token)) is not { } destination)
            return false;
        await SaveAsync(destination with { Status = HttpDestinationStatus.Enabled, Token = null, Reason = null, UpdatedAt = time.GetUtcNow() });
        return true;
    }

    public async Task<bool> DeleteAsync(string arn, CancellationToken cancellationToken)
    {
        if (!_byArn.ContainsKey(arn))
            return false;
        await database.WriteAsync(connection => Execute(connection, "DELETE FROM rule_destination WHERE arn = $arn", ("$arn", arn)));
        ImmutableInterlocked.Update(ref _byArn, static (all, removed) => all.Remove(removed), arn);
        return true;
    }

    public static string Word(HttpDestinationStatus status) => status switch
    {
        HttpDestinationStatus.InProgress => "IN_PROGRESS",
        HttpDestinationStatus.Enabled => "ENABLED",
        HttpDestinationStatus.Disabled => "DISABLED",
        _ => "ERROR",
    };

    // The prefix ends where a part of the address ends: https://a.example must not cover https://a.example.org.
    private static bool IsBelow(Uri uri, string prefix) =>
        Uri.TryCreate(prefix, UriKind.Absolute, out var root) && uri.Scheme == root.Scheme && uri.Authority == root.Authority
        && (uri.AbsolutePath == root.AbsolutePath || uri.AbsolutePath.StartsWith(root.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static bool IsSame(string awaited, string token) =>
        CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(awaited), System.Text.Encoding.UTF8.GetBytes(token));

    private HttpDestination Aged(HttpDestination destination) => destination.Status == HttpDestinationStatus.InProgress && time.GetUtcNow() - destination.UpdatedAt > TokenLife
        ? destination with { Status = HttpDestinationStatus.Error, Token = null, Reason = "it was not confirmed within three days" }
        : destination;

    // A refusal shows in the log: the destination stays IN_PROGRESS, its token can still be given by hand.
    private async Task RequestAsync(HttpDestination destination, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        var separator = destination.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{destination.Url}{separator}confirmationToken={destination.Token}");
        request.Headers.TryAddWithoutValidation("x-amz-rules-engine-message-type", "DestinationConfirmation");
        request.Headers.TryAddWithoutValidation("x-amz-rules-engine-destination-arn", destination.Arn);
        var body = RuleJson.Object(writer =>
        {
            writer.WriteString("arn", destination.Arn);
            writer.WriteString("confirmationToken", destination.Token);
            writer.WriteString("enableUrl", $"https://{gateway.Name}:8443/confirmdestination/{destination.Token}");
            writer.WriteString("messageType", "DestinationConfirmation");
        });
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var response = await http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (!response.IsSuccessStatusCode)
                LogNotAsked(destination.Url, $"it answered {(int)response.StatusCode}");
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogNotAsked(destination.Url, ex.Message);
        }
    }

    private async Task SaveAsync(HttpDestination destination)
    {
        await database.WriteAsync(connection => Execute(
            connection,
            """
            INSERT INTO rule_destination (arn, url, status, reason, token, created_at, updated_at) VALUES ($arn, $url, $status, $reason, $token, $created, $updated)
            ON CONFLICT (arn) DO UPDATE SET status = excluded.status, reason = excluded.reason, token = excluded.token, updated_at = excluded.updated_at
            """,
            ("$arn", destination.Arn), ("$url", destination.Url), ("$status", destination.Status.ToString()), ("$reason", destination.Reason), ("$token", destination.Token),
            ("$created", destination.CreatedAt.ToUnixTimeMilliseconds()), ("$updated", destination.UpdatedAt.ToUnixTimeMilliseconds())));
        ImmutableInterlocked.Update(ref _byArn, static (all, changed) => all.SetItem(changed.Arn, changed), destination);
    }

    private static ImmutableSortedDictionary<string, HttpDestination> Load(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT arn, url, status, reason, token, created_at, updated_at FROM rule_destination";
        using var rows = command.ExecuteReader();
        var all = ImmutableSortedDictionary.CreateBuilder<string, HttpDestination>(StringComparer.Ordinal);
        while (rows.Read())
        {
            all[rows.GetString(0)] = new(
                rows.GetString(0), rows.GetString(1), Enum.Parse<HttpDestinationStatus>(rows.GetString(2)), rows.IsDBNull(3) ? null : rows.GetString(3),
                rows.IsDBNull(4) ? null : rows.GetString(4), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(5)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(6)));
        }
        return all.ToImmutable();
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    [LoggerMessage(7030, LogLevel.Warning, "The destination {Url} was not asked to confirm: {Reason}")]
    private partial void LogNotAsked(string url, string reason);
}
