using System.Text.Json;
using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>Judges, tries, writes down, starts: in this order, so that nothing half adopted is left.</summary>
internal sealed class Adoption(
    DevicesOptions options, GatewayThing gateway, DeviceDiscovery discovery, DeviceSupervisor supervisor, DeviceStore store, DeviceMessages messages, IHeader header, TimeProvider time) : IAdoption
{
    private static readonly TimeSpan TrialDeadline = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _one = new(1, 1); // lets one adoption at a time through, across its trial and its write

    public IReadOnlyList<DeviceProposal> Proposals => discovery.Proposals;

    public Task<DetectionResult> ScanAsync(CancellationToken cancellationToken) => discovery.ScanAsync(cancellationToken);

    public async Task<AdoptionResult> AdoptAsync(JsonElement definition, CancellationToken cancellationToken)
    {
        if (options.IsSafeMode)
            return new AdoptionResult.Conflict("the gateway was started with --safe: nothing is adopted before it is started without");
        if (definition.ValueKind != JsonValueKind.Object)
            return new AdoptionResult.Invalid("expected an object, such as {\"proposal\":\"i2c-1/0x76\"} or {\"name\":\"door\",\"driver\":\"reed\",\"pin\":17}");
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await AdoptOneAsync(definition, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<AdoptionResult> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (supervisor.Find(name) is not { } device)
                return new AdoptionResult.NotFound($"there is no wired device '{name}'");
            if (!device.IsAdopted)
                return new AdoptionResult.Conflict($"'{name}' stands in the configuration: take it out there");
            await store.RemoveAsync(name);
            await supervisor.EndAsync(name);
            await messages.ForgetAsync(name, cancellationToken);
            await messages.AnnounceAsync(name, "REMOVED", null, cancellationToken);
            return new AdoptionResult.Done(device);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<AdoptionResult> AdoptOneAsync(JsonElement definition, CancellationToken cancellationToken)
    {
        DeviceProposal? proposal = null;
        if (definition.TryGetProperty("proposal", out var id))
        {
            proposal = discovery.Find(id.ToString());
            if (proposal is null)
                return new AdoptionResult.NotFound($"there is no proposal '{id}': 'edgegateway sensors scan' looks again");
            if (proposal.Others.Count > 0 && !definition.TryGetProperty("driver", out _))
                return new AdoptionResult.Invalid($"driver is missing: at {proposal.Id} it may be {string.Join(" or ", proposal.Others.Prepend(proposal.Driver))}");
        }
        var json = Complete(definition, proposal);
        var device = DeviceDefinition.Parse(json, out var faults);
        if (faults.Count > 0 || device.Wired is not { } wired)
            return new AdoptionResult.Invalid(string.Join("; ", faults));
        if (supervisor.Find(wired.Name) is not null || wired.Name == gateway.Name)
            return new AdoptionResult.Conflict($"the name '{wired.Name}' is in use: give another with name");
        if (messages.TypeOf(wired.Name) is { } type && type != wired.Driver.Name)
            return new AdoptionResult.Conflict($"there is a thing '{wired.Name}' already, of {(type.Length == 0 ? "no type" : $"the type '{type}'")}: give another name");
        foreach (var place in wired.Places)
            if (supervisor.OwnerOf(place) is { } owner)
                return new AdoptionResult.Conflict(DeviceSupervisor.Taken(place, owner));
        var isForced = definition.TryGetProperty("force", out var force) && force.ValueKind == JsonValueKind.True;
        if (!isForced && device.Sensor is not null && await TryAsync(wired, cancellationToken) is { } why)
            return new AdoptionResult.Failed(why);
        await store.AdoptAsync(wired.Name, json, time.GetUtcNow());
        if (device.Sensor is { } sensor)
            supervisor.Start(sensor, isAdopted: true);
        else
            supervisor.Start(device.Output!, isAdopted: true, isNew: true);
        discovery.Forget(proposal);
        await messages.AnnounceAsync(wired.Name, "ADOPTED", null, cancellationToken);
        return new AdoptionResult.Done(supervisor.Find(wired.Name)!);
    }

    /// <returns>Why it cannot be read; null where it can.</returns>
    private async Task<string?> TryAsync(WiredOptions wired, CancellationToken cancellationToken)
    {
        using var lease = new DeviceLease();
        var device = wired.Driver.Create(wired.DriverOptions, new LeasedHeader(header, lease), time);
        try
        {
            await DriverCall.RunAsync(((ISensor)device).ReadAsync, TrialDeadline, time, cancellationToken);
            return null;
        }
        catch (Exception ex) when (ex is DriverException or DriverHangsException)
        {
            return ex.Message;
        }
        finally
        {
            await GiveUpAsync(device);
        }
    }

    // What hangs is left behind: its lease closes what it has open.
    private async Task GiveUpAsync(IDevice device)
    {
        try
        {
            await DriverCall.RunAsync(_ => device.DisposeAsync(), TrialDeadline / 2, time, CancellationToken.None);
        }
        catch (Exception ex) when (ex is DriverException or DriverHangsException)
        {
            // The trial itself has said what is wrong.
        }
    }

    // What is written down stands for itself: the proposal is gone at the next start.
    private static string Complete(JsonElement definition, DeviceProposal? proposal)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in definition.EnumerateObject())
                if (member.Name is not ("proposal" or "force"))
                    member.WriteTo(writer);
            if (proposal is not null)
                foreach (var (key, value) in Known(proposal))
                    if (!definition.TryGetProperty(key, out _))
                        writer.WriteString(key, value);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static (string Key, string Value)[] Known(DeviceProposal proposal) => proposal.Bus == "w1"
        ? [("name", proposal.Name), ("driver", proposal.Driver), ("rom", proposal.Address)]
        : [("name", proposal.Name), ("driver", proposal.Driver), ("bus", proposal.Bus), ("address", proposal.Address)];
}
