using System.Collections.Immutable;
using EdgeGateway.Drivers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Devices;

/// <summary>
/// Looks for chips that nobody has configured while the gateway runs, and proposes them. Addresses of configured devices are left alone,
/// whether these answer or not.
/// </summary>
internal sealed partial class DeviceDiscovery : BackgroundService
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly DevicesOptions _options;
    private readonly DeviceSupervisor _supervisor;
    private readonly DeviceMessages _messages;
    private readonly DeviceDetector _detector;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceDiscovery> _log;
    private readonly SemaphoreSlim _one = new(1, 1); // one scan at a time: by hand and by the clock
    private ImmutableList<DeviceProposal> _proposals = [];
    private Task _hanging = Task.CompletedTask;

    public DeviceDiscovery(DevicesOptions options, DeviceSupervisor supervisor, DeviceMessages messages, IHeader header, TimeProvider time, ILogger<DeviceDiscovery> log)
    {
        (_options, _supervisor, _messages, _time, _log) = (options, supervisor, messages, time, log);
        _detector = new(header, ConfiguredChip);
    }

    public IReadOnlyList<DeviceProposal> Proposals => Volatile.Read(ref _proposals);

    public DeviceProposal? Find(string id) => Proposals.FirstOrDefault(proposal => string.Equals(proposal.Id, id, StringComparison.OrdinalIgnoreCase));

    public void Forget(DeviceProposal? proposal)
    {
        if (proposal is not null)
            ImmutableInterlocked.Update(ref _proposals, static (all, one) => all.RemoveAll(other => other.Id == one.Id), proposal);
    }

    /// <summary>Looks at every bus.</summary>
    /// <exception cref="DriverException">A former scan hangs.</exception>
    public Task<DetectionResult> ScanAsync(CancellationToken cancellationToken) => ScanAsync(wanted: null, cancellationToken);

    private async Task<DetectionResult> ScanAsync(Func<string, bool>? wanted, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_hanging.IsCompleted)
                throw new DriverException(DriverFault.BusStuck, new("the scan", "the header", ""), "a former one has not come back", "the buses: a chip that holds a line low; take its power away");
            var result = await DriverCall.RunAsync(token => new ValueTask<DetectionResult>(_detector.ScanAsync(token, wanted)), Deadline, _time, cancellationToken);
            result = result with { Devices = [.. result.Devices.Select(WithOwner)] };
            await UpdateAsync(result, wanted, cancellationToken);
            return result;
        }
        catch (DriverHangsException ex)
        {
            _hanging = ex.Call;
            throw new DriverException(DriverFault.BusStuck, new("the scan", "the header", ""), ex.Message, "the buses", ex);
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.DiscoveryInterval == TimeSpan.Zero || _options.IsSafeMode)
            return;
        using var timer = new PeriodicTimer(_options.DiscoveryInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryScanAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private async Task TryScanAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ScanAsync(_options.DiscoveryBuses.Contains, stoppingToken);
        }
        catch (DriverException ex)
        {
            LogScanFailed(ex.Message);
        }
#pragma warning disable CA1031 // A defect in an identification must not end the looking; the next look tries again.
        catch (Exception ex) when (ex is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogScanThrew(ex);
        }
    }

    private async Task UpdateAsync(DetectionResult result, Func<string, bool>? wanted, CancellationToken cancellationToken)
    {
        var before = Proposals;
        var now = result.Devices.Select(found => Propose(found, before)).OfType<DeviceProposal>().ToImmutableList();
        // What lies on a bus that was not or could not be looked at stays as it was.
        now = now.AddRange(before.Where(old => now.TrueForAll(other => other.Id != old.Id) && (!(old.Bus == "w1" || (wanted?.Invoke(old.Bus) ?? true)) || result.Problems.Any(problem => problem.Contains(old.Bus, StringComparison.Ordinal)))));
        Volatile.Write(ref _proposals, now);
        foreach (var proposal in now.Where(proposal => !before.Any(old => old.Id == proposal.Id)))
        {
            LogProposed(proposal.Chip, proposal.Id);
            await _messages.ProposeAsync(proposal, isThere: true, cancellationToken);
        }
        foreach (var gone in before.Where(old => now.TrueForAll(proposal => proposal.Id != old.Id)))
            await _messages.ProposeAsync(gone, isThere: false, cancellationToken);
    }

    private DeviceProposal? Propose(FoundDevice found, IReadOnlyList<DeviceProposal> before)
    {
        var known = found.Proposals.Where(static proposal => proposal.Driver is not null).ToArray();
        if (found.ConfiguredAs is not null || known.Length == 0 || found.Warnings.Any(static warning => warning.Contains("ALLCALL", StringComparison.Ordinal)))
            return null;
        var id = found.Bus == "w1" ? found.Address : $"{found.Bus}/{found.Address}";
        var best = known[0];
        var others = best.Confidence == Confidence.Certain ? [] : known.Skip(1).Select(static other => other.Driver!).Distinct().ToArray();
#pragma warning disable CA1308 // lower case is the word of the contract
        return before.FirstOrDefault(old => old.Id == id && old.Driver == best.Driver)
            ?? new(id, found.Bus, found.Address, best.Chip, best.Driver!, best.Confidence.ToString().ToLowerInvariant(), best.Reason, others, found.Warnings, NameOf(found, best.Driver!), _time.GetUtcNow());
#pragma warning restore CA1308
    }

    // bme280-76, ds18b20-2795f1b: what distinguishes it from its like, and the bus where it is not the header's own.
    private string NameOf(FoundDevice found, string driver)
    {
        var place = found.Bus == "w1" ? found.Address[^7..] : found.Bus == "i2c-1" ? found.Address[2..] : $"{found.Bus.Replace('/', '-')}-{found.Address[2..]}";
        var name = $"{driver}-{place}";
        for (var number = 2; _supervisor.Find(name) is not null; number++)
            name = $"{driver}-{place}-{number}";
        return name;
    }

    private string? ConfiguredChip(string bus, int address) =>
        _supervisor.OwnerOf(DevicePlaces.I2c(bus, $"0x{address:X2}"))?.Driver.Chip;

    private FoundDevice WithOwner(FoundDevice found) => found.Bus != "w1" || found.ConfiguredAs is not null ? found
        : (_supervisor.OwnerOf(found.Address) ?? _supervisor.UnnamedThermometer) is { } owner ? found with { ConfiguredAs = owner.Driver.Chip } : found;

    [LoggerMessage(6020, LogLevel.Information, "A {Chip} was found at {Place}: 'edgegateway sensors adopt {Place}' makes a thing of it")]
    private partial void LogProposed(string chip, string place);

    [LoggerMessage(6021, LogLevel.Warning, "Could not look for new chips: {Why}")]
    private partial void LogScanFailed(string why);

    [LoggerMessage(6022, LogLevel.Error, "The look for new chips failed")]
    private partial void LogScanThrew(Exception exception);
}
