using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.Store;

namespace EdgeGateway.Sync.Uplink;

/// <summary>
/// Posts what waits to a web service, one batch after another, so that order holds. A batch that is refused for what is in it is halved
/// until the message is found, which is then parked.
/// </summary>
internal sealed class HttpBatchSession(UplinkParts parts, HttpClient client, Func<string, string> resolve) : IUplinkSession
{
    private const int MostMessages = 500, MostBytes = 256 << 10, MostReasonCharacters = 200;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Signal _signal = new();
    private readonly BandwidthCap _bandwidth = new(parts.Options.Bandwidth, parts.Time);
    private List<QueuedMessage> _onTheWay = [];
    private bool _isConnected, _toldUsedUp;

    public long Acknowledged { get; private set; }

    public IReadOnlyList<QueuedMessage> Unacknowledged => _onTheWay;

    public async Task<UpstreamFault> RunAsync(CancellationToken cancellationToken)
    {
        parts.Outbox.Stored += _signal.Set;
        try
        {
            using var timer = parts.Time.CreateTimer(_ => _signal.Set(), null, Look, Look);
            while (true)
            {
                while (_bandwidth.MaySend && Take() is { Messages.Count: > 0 } batch)
                {
                    _onTheWay = [.. batch.Messages];
                    await SendAsync(batch, cancellationToken);
                    _onTheWay = [];
                }
                await _signal.WaitAsync(cancellationToken);
            }
        }
        catch (UpstreamException ex)
        {
            return ex.Fault;
        }
        catch (IOException ex)
        {
            return UplinkFaults.StoreFailed(ex);
        }
        finally
        {
            parts.Outbox.Stored -= _signal.Set;
            client.Dispose();
        }
    }

    private HttpBatch Take()
    {
        var batch = new HttpBatch(parts.GatewayName);
        while (batch.Messages.Count < MostMessages && batch.Bytes < MostBytes && parts.Outbox.TryTake(parts.LeastClass(ref _toldUsedUp), out var message, out var record))
            Add(batch, message, record, message.MaybeSent);
        return batch;
    }

    private void Add(HttpBatch batch, QueuedMessage message, in LogRecord record, bool resent)
    {
        var arrived = parts.Outbox.Clock.ArrivedAt(OutboxRecord.StampOf(record));
        var isLate = resent || (arrived is { } at && parts.Time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at) > UplinkMessages.LateAfter);
        batch.Add(message, record, (isLate ? parts.Options.ReplayPrefix : "") + Encoding.UTF8.GetString(record.Header.Span), arrived, resent);
    }

    private async Task SendAsync(HttpBatch batch, CancellationToken cancellationToken)
    {
        var refusal = await PostAsync(batch, cancellationToken);
        if (refusal is null)
        {
            foreach (var message in batch.Messages)
                parts.Outbox.Acknowledge(message);
            Acknowledged += batch.Messages.Count;
            return;
        }
        if (batch.Messages.Count > 1)
        {
            var half = batch.Messages.Count / 2;
            foreach (var part in new[] { batch.Messages.Take(half), batch.Messages.Skip(half) })
                if (Again(part) is { Messages.Count: > 0 } smaller)
                    await SendAsync(smaller, cancellationToken);
            return;
        }
        var only = batch.Messages[0];
        var buffer = Array.Empty<byte>();
        if (only.Queue.TryReadAgain(only, ref buffer, out var record))
            parts.Park(only, record, refusal);
        else
            parts.Outbox.Acknowledge(only);
    }

    private HttpBatch Again(IEnumerable<QueuedMessage> messages)
    {
        var batch = new HttpBatch(parts.GatewayName);
        var buffer = Array.Empty<byte>();
        foreach (var message in messages)
            if (message.Queue.TryReadAgain(message, ref buffer, out var record))
                Add(batch, message, record, resent: true);
            else
                parts.Outbox.Acknowledge(message); // given up meanwhile by a full store
        return batch;
    }

    /// <returns>Why the service does not take what is in it; null: it has it.</returns>
    /// <exception cref="UpstreamException">The service takes nothing now.</exception>
    private async Task<string?> PostAsync(HttpBatch batch, CancellationToken cancellationToken)
    {
        var body = batch.Complete(parts.GatewayName, parts.Options.Name);
        _bandwidth.Spend(body.Length);
        parts.Budget.Spend(body.Length);
        using var request = new HttpRequestMessage(HttpMethod.Post, parts.Options.Endpoint) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Idempotency-Key", batch.IdempotencyKey);
        using var timeout = new CancellationTokenSource(parts.Options.AcknowledgeTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            request.Headers.Authorization = Authorization();
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (answer.IsSuccessStatusCode)
            {
                if (!_isConnected)
                    parts.Board.Connected();
                _isConnected = true;
                return null;
            }
            var said = await answer.Content.ReadAsStringAsync(either.Token);
            return Refusal(answer, said.Length > MostReasonCharacters ? said[..MostReasonCharacters] : said);
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException or OperationCanceledException or UnauthorizedAccessException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new UpstreamException(UplinkFaults.Of(ex is OperationCanceledException ? new TimeoutException() : ex, parts.Options.Endpoint), ex);
        }
    }

    private AuthenticationHeaderValue? Authorization()
    {
        var credentials = parts.Options.Credentials;
        if (credentials.TokenFile is { } token)
            return new("Bearer", File.ReadAllText(resolve(token)).Trim());
        if (credentials.User is not { } user)
            return null;
        var password = credentials.PasswordFile is { } file ? File.ReadAllText(resolve(file)).TrimEnd('\n', '\r') : "";
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    // What is about the content is the message's fault; everything else is the service's, and the messages wait.
    private string? Refusal(HttpResponseMessage answer, string said)
    {
        var status = $"{(int)answer.StatusCode} {answer.ReasonPhrase}{(said.Length > 0 ? $" ({said})" : "")}";
        var host = parts.Options.Endpoint.Authority;
        return answer.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => $"refused by the upstream: {status}",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                throw new UpstreamException(new(UpstreamState.Unauthorized, $"{host} refused our credentials: {status}", "see credentials of this upstream")),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                throw new UpstreamException(new(UpstreamState.Quota, $"{host} takes no more for now: {status}", "see the quotas of the account; it is tried again more slowly")),
            _ => throw new UpstreamException(new(UpstreamState.Disconnected, $"{host} answered {status}", "see that the endpoint's address is right, and the service's log")),
        };
    }
}
