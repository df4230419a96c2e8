using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync;

/// <summary>What an upstream stands on: the bus, the disk, the network and the time, so that tests can stand in for each.</summary>
/// <param name="OpenFolder">By upstream and part.</param>
/// <param name="ConnectAsync">By what its connections share and how many messages may be on their way.</param>
/// <param name="FolderExists">Whether an earlier run left something there.</param>
internal sealed record UpstreamEnvironment(
    string GatewayName,
    IMessageBus Bus,
    Func<string, string, ILogFiles> OpenFolder,
    Func<string, string, bool> FolderExists,
    Func<UplinkParts, int, CancellationToken, Task<IUplinkSession>> ConnectAsync,
    TimeProvider Time)
{
    /// <summary>Tells boots of the machine apart: its uptime means something within one.</summary>
    public int Boot { get; init; }

    /// <summary>Whether the clock has been set by the network or a clock chip.</summary>
    public Func<bool> ClockIsSet { get; init; } = static () => true;

    /// <summary>Before the second attempt; null: a second.</summary>
    public TimeSpan? FirstPause { get; init; }
}
