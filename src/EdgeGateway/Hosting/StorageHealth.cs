using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Hosting;

/// <summary>Whether state can still be written: the writer answers, the disk has room, nothing damaged lies aside.</summary>
internal sealed class StorageHealth(Database database, GatewayOptions options, TimeProvider time) : IComponentHealth
{
    // Volatile snapshot of the last probe; written by the watchdog loop alone.
    private volatile string? _failure;

    public string Name => "storage";

    public ComponentState State => _failure is not null ? ComponentState.Failed : Message is not null ? ComponentState.Degraded : ComponentState.Healthy;

    public string? Message
    {
        get
        {
            if (_failure is { } failure)
                return failure;
            if (DataFolder.FreeBytes(options.DataFolder) is var free && free < DataFolder.MinimumFreeBytes)
                return $"the disk of {options.DataFolder} has only {free / 1024} KB left: make room (journalctl --vacuum-size=100M)";
            return DatabaseFile.KeptAside(options.DataFolder) is [.., var kept]
                ? $"a damaged database was kept as {kept}: restore a backup (edgegateway restore FILE), then delete it"
                : null;
        }
    }

    /// <summary>Sends an empty write through the writer thread; it commits nothing, so the card is not worn.</summary>
    public async Task ProbeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(static _ => { }).WaitAsync(limit, time, cancellationToken);
            _failure = null;
        }
        catch (TimeoutException)
        {
            _failure = $"the database writer has not answered for {limit.TotalSeconds:0} s";
        }
        catch (Microsoft.Data.Sqlite.SqliteException ex)
        {
            _failure = $"the database cannot be written: {ex.Message}";
        }
    }
}
