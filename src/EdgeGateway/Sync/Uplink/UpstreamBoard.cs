namespace EdgeGateway.Sync.Uplink;

/// <summary>Where an upstream's loops say how things go, and its status is read from.</summary>
internal sealed class UpstreamBoard(TimeProvider time)
{
    private volatile Entry _entry = new(UpstreamState.Connecting, null, null);

    /// <summary>The state changed, or something went wrong. Raised on the loop that says so.</summary>
    public event Action<UpstreamState, UpstreamFault?>? Changed;

    /// <summary>A message was parked: topic and reason.</summary>
    public event Action<string, string>? MessageParked;

    public Entry Now => _entry;

    public void Connecting() => Set(_entry with { State = UpstreamState.Connecting, ConnectedSince = null }, null);

    public void Connected() => Set(new(UpstreamState.Connected, time.GetUtcNow(), null), null);

    public void Failed(UpstreamFault fault) => Set(new(fault.State, null, fault), fault);

    /// <summary>Something is wrong, but the connection goes on.</summary>
    public void Report(UpstreamFault fault) => Set(_entry with { LastFault = fault }, fault);

    public void Stopped() => Set(_entry with { State = UpstreamState.Stopped, ConnectedSince = null }, null);

    public void Parked(string topic, string reason) => MessageParked?.Invoke(topic, reason);

    private void Set(Entry entry, UpstreamFault? fault)
    {
        _entry = entry;
        Changed?.Invoke(entry.State, fault);
    }

    internal sealed record Entry(UpstreamState State, DateTimeOffset? ConnectedSince, UpstreamFault? LastFault);
}
