using System.Text.Json;
using System.Threading.Channels;
using EdgeGateway.Shadows;

namespace EdgeGateway.Api;

/// <summary>
/// Tells one shadow's versions as they come, a JSON object a line: first the present one, then each change. A reader that lags more than
/// <see cref="MaxWaiting"/> versions behind misses the oldest; the version numbers show the gap, the newest is never missed.
/// </summary>
internal sealed class ShadowWatch(ShadowId shadow, IShadows shadows, IShadowFeed feed)
{
    private const int MaxWaiting = 256;
    private readonly Channel<ShadowDocument> _changes = Channel.CreateBounded<ShadowDocument>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Until the reader leaves or the gateway stops.</summary>
    public async Task RunAsync(HttpContext http, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        feed.Changed += OnChanged;                                                   // before the present one is read: nothing falls between
        try
        {
            http.Response.ContentType = "application/x-ndjson";
            await http.Response.StartAsync(ending.Token);
            var present = shadows.Find(shadow);
            await (present is null ? http.Response.Body.FlushAsync(ending.Token) : WriteAsync(http.Response, present, ending.Token));
            await foreach (var change in _changes.Reader.ReadAllAsync(ending.Token))
                if (change.Version > (present?.Version ?? 0) || !change.Exists)
                    await WriteAsync(http.Response, change, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The end of every watch.
        }
        finally
        {
            feed.Changed -= OnChanged;
        }
    }

    private void OnChanged(ShadowChange change)
    {
        if (change.Shadow == shadow)
            _changes.Writer.TryWrite(change.Current);
    }

    private async Task WriteAsync(HttpResponse response, ShadowDocument document, CancellationToken cancellationToken)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(ShadowVersionResponse.From(shadow, document), ApiJson.Default.ShadowVersionResponse), (byte)'\n'];
        await response.Body.WriteAsync(line, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
