using System.Text.Json;
using EdgeGateway.Drivers;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Shadows;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Devices;

/// <summary>What a wired device says to the rest of the gateway: telemetry, events, health, reported shadow, and that it is a thing.</summary>
internal sealed partial class DeviceMessages(IMessageBus bus, IShadows shadows, IThingCatalog catalog, IThings things, IThingTypes types, TimeProvider time, ILogger<DeviceMessages> log)
{
    private readonly ILogger<DeviceMessages> _log = log;

    /// <summary>Registers the thing; one that is there already keeps what it has.</summary>
    public async Task RegisterAsync(WiredOptions options, CancellationToken cancellationToken)
    {
        var driver = options.Driver;
        var attributes = new Dictionary<string, string> { ["driver"] = driver.Name };
        foreach (var place in new[] { "bus", "address", "rom", "pin" })
            if (options.Option(place) is { Length: > 0 } value)
                attributes[place] = value;
        if (types.Find(driver.Name) is null)
            Check(await types.CreateAsync(driver.Name, new(driver.Description, ["driver"], null), new Dictionary<string, string>(), cancellationToken), options.Name);
        Check(await things.CreateAsync(options.Name, driver.Name, attributes, null, cancellationToken), options.Name);
    }

    /// <summary>Type of a registered thing, empty where it has none; null where there is no such thing.</summary>
    public string? TypeOf(string thing) => catalog.Find(thing) is { } found ? found.TypeName ?? "" : null;

    /// <summary>Takes the retained health message away.</summary>
    public Task ForgetAsync(string device, CancellationToken cancellationToken) => PublishAsync(device, $"sensors/{device}/health", [], retain: true, cancellationToken);

    public Task TelemetryAsync(string device, DateTimeOffset at, IReadOnlyList<WiredValue> values, CancellationToken cancellationToken) =>
        PublishAsync(device, $"sensors/{device}/telemetry", DeviceJson.Telemetry(at, values), retain: false, cancellationToken);

    public Task EventAsync(string device, InputEvent input, CancellationToken cancellationToken) =>
        PublishAsync(device, $"sensors/{device}/events", DeviceJson.Event(input), retain: false, cancellationToken);

    /// <summary>The retained health message, and the member <c>health</c> of the reported shadow where that says otherwise.</summary>
    public async Task HealthAsync(WiredDevice device, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await PublishAsync(device.Name, $"sensors/{device.Name}/health", DeviceJson.Health(device, at), retain: true, cancellationToken);
        var reported = ReportedHealth(device.Name);
        if (device.State == WiredState.Failed ? reported != device.Error : reported is not null)
            await ReportAsync(device.Name, DeviceJson.ReportedHealth(device), cancellationToken);
    }

    /// <summary>Writes the values into the reported section.</summary>
    public Task ReportAsync(string device, IReadOnlyList<WiredValue> values, CancellationToken cancellationToken) => ReportAsync(device, DeviceJson.State(values), cancellationToken);

    /// <summary>Tells on <c>$aws/events/wiredDevice/NAME/OPERATION</c>.</summary>
    /// <param name="operation"><c>FAILED</c>, <c>RECOVERED</c>, <c>RESTARTED</c>, <c>ADOPTED</c>, <c>REMOVED</c>.</param>
    public Task AnnounceAsync(string device, string operation, string? reason, CancellationToken cancellationToken) =>
#pragma warning disable CA1308 // lower case is the word of AWS's event topics
        PublishAsync(device, $"$aws/events/wiredDevice/{device}/{operation.ToLowerInvariant()}", DeviceJson.Lifecycle(device, operation, reason, time.GetUtcNow()), retain: false, cancellationToken);
#pragma warning restore CA1308

    /// <summary>Tells on <c>$aws/events/wiredDevice/proposed</c> and <c>…/withdrawn</c>.</summary>
    public Task ProposeAsync(DeviceProposal proposal, bool isThere, CancellationToken cancellationToken) =>
        PublishAsync("discovery", $"$aws/events/wiredDevice/{(isThere ? "proposed" : "withdrawn")}", DeviceJson.Proposal(proposal, isThere ? "PROPOSED" : "WITHDRAWN", time.GetUtcNow()), retain: false, cancellationToken);

    public static MessageOrigin Origin(string device) => new($"device:{device}");

    private async Task ReportAsync(string device, byte[] reported, CancellationToken cancellationToken)
    {
        var answer = await shadows.UpdateAsync(ShadowId.Classic(device), ShadowRequests.Update(reported: reported), Origin(device), cancellationToken);
        if (answer is ShadowAnswer.Rejected rejected)
            LogReportRejected(device, rejected.Error.ToString()!);
    }

    // The error the shadow tells of; null where it tells of none.
    private string? ReportedHealth(string device)
    {
        if (shadows.Find(ShadowId.Classic(device)) is not { Exists: true } shadow)
            return null;
        using var state = JsonDocument.Parse(shadow.State);
        return state.RootElement.TryGetProperty("reported", out var reported) && reported.TryGetProperty("health", out var health) && health.ValueKind == JsonValueKind.Object
            && health.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString() : null;
    }

    private async Task PublishAsync(string device, string topic, byte[] payload, bool retain, CancellationToken cancellationToken)
    {
        var outcome = await bus.PublishAsync(new(topic, payload) { QualityOfService = QualityOfService.AtLeastOnce, Retain = retain, Origin = Origin(device) }, cancellationToken);
        if (outcome == PublishOutcome.Refused)
            LogNotStored(device, topic);
    }

    private void Check<T>(RegistryResult<T> result, string device)
    {
        if (result is RegistryResult<T>.Refused refused)
            LogNotRegistered(device, refused.Error.Message);
    }

    [LoggerMessage(6010, LogLevel.Warning, "{Device} could not be registered as a thing: {Reason}")]
    private partial void LogNotRegistered(string device, string reason);

    [LoggerMessage(6011, LogLevel.Warning, "The shadow of {Device} did not take its values: {Reason}")]
    private partial void LogReportRejected(string device, string reason);

    [LoggerMessage(6012, LogLevel.Warning, "{Topic} of {Device} was not stored: the broker's log is full or has failed")]
    private partial void LogNotStored(string device, string topic);
}
