using EdgeGateway.Sync.Store;

namespace EdgeGateway.Sync.Uplink;

/// <summary>Keeps one upstream connected: connect, run, wait, again.</summary>
/// <param name="connect">By the parts and how many messages may be on their way; throws <see cref="UpstreamException"/>.</param>
internal sealed class UpstreamRunner(UplinkParts parts, Func<UplinkParts, int, CancellationToken, Task<IUplinkSession>> connect, TimeSpan firstPause)
{
    private const int FruitlessBeforeProbe = 3, ClosesBeforeParking = 10;
    private readonly Signal _now = new();
    private readonly Backoff _backoff = new(firstPause);
    private int _fruitless;
    private (MessageClass Class, long Position, int Closes) _suspect;

    /// <summary>Cuts the pause before the next attempt short.</summary>
    public void ConnectNow() => _now.Set();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var fault = await ConnectAndRunAsync(cancellationToken);
                parts.Outbox.Rewind();
                parts.Board.Failed(fault);
                await PauseAsync(_backoff.Next(fault.State), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            parts.Board.Stopped();
        }
    }

    private async Task<UpstreamFault> ConnectAndRunAsync(CancellationToken cancellationToken)
    {
        parts.Board.Connecting();
        var probing = _fruitless >= FruitlessBeforeProbe;
        IUplinkSession session;
        try
        {
            session = await connect(parts, probing ? 1 : parts.Options.Window, cancellationToken);
        }
        catch (UpstreamException ex)
        {
            return ex.Fault;
        }
        var fault = await session.RunAsync(cancellationToken);
        Judge(session, fault, probing);
        return fault;
    }

    // AWS IoT Core answers a publish it does not allow by closing the connection. When that happens again and again with nothing
    // acknowledged, messages go one at a time, and the one that is on its way at every close is parked.
    private void Judge(IUplinkSession session, UpstreamFault fault, bool probing)
    {
        if (session.Acknowledged > 0)
        {
            _fruitless = 0;
            _backoff.Reset();
            return;
        }
        var pending = session.Unacknowledged;
        if (!fault.ClosedByPeer || pending.Count == 0)
            return;
        _fruitless++;
        if (!probing || pending.Count != 1)
            return;
        var message = pending[0];
        _suspect = (_suspect.Class, _suspect.Position) == (message.Queue.Class, message.Position)
            ? _suspect with { Closes = _suspect.Closes + 1 }
            : (message.Queue.Class, message.Position, 1);
        if (_suspect.Closes >= ClosesBeforeParking)
            Park(message);
    }

    private void Park(QueuedMessage message)
    {
        var buffer = Array.Empty<byte>();
        if (message.Queue.TryReadAgain(message, ref buffer, out var record))
            parts.Park(message, record, $"the upstream closed the connection {ClosesBeforeParking} times when it was sent");
        _suspect = default;
        _backoff.Reset();
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = parts.Time.CreateTimer(_ => _now.Set(), null, pause, Timeout.InfiniteTimeSpan);
        await _now.WaitAsync(until.Token);
    }
}
