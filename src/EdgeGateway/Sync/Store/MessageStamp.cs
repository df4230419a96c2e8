namespace EdgeGateway.Sync.Store;

/// <summary>When a message came, as far as the gateway knew.</summary>
/// <param name="ReceivedAt">Unix time in ms by the clock of that moment.</param>
/// <param name="Uptime">Ms of a clock that never jumps, meaningful within one boot of the machine.</param>
/// <param name="Boot">Tells boots apart.</param>
/// <param name="Trusted">Whether the clock had been set by then.</param>
internal readonly record struct MessageStamp(long ReceivedAt, long Uptime, int Boot, bool Trusted);
