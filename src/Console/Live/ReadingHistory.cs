using System.Text.Json;

namespace EdgeGateway.Pages.Live;

/// <summary>
/// What the wired devices have said since the page was opened: the last <see cref="Capacity"/> readings a quantity, for the charts.
/// Fed by telemetry (<c>sensors/NAME/telemetry</c>, values flat beside <c>time</c>, <c>units</c>, <c>quality</c>) and, while
/// messages do not arrive, by the values the gateway's API gives.
/// </summary>
internal sealed class ReadingHistory(TimeProvider time)
{
    /// <summary>Five minutes at a reading every two seconds.</summary>
    public const int Capacity = 150;

    public const string TelemetryFilter = "sensors/+/telemetry";

    private readonly Dictionary<(string Device, string Quantity), Queue<Sample>> _samples = [];
    private readonly Dictionary<string, DateTimeOffset> _lastSeen = [];
    private readonly Dictionary<string, string> _quality = [];

    public event Action<string>? Changed;

    public IReadOnlyCollection<Sample> Of(string device, string quantity) =>
        _samples.TryGetValue((device, quantity), out var samples) ? samples : [];

    public DateTimeOffset? LastSeen(string device) => _lastSeen.TryGetValue(device, out var seen) ? seen : null;

    /// <summary>What the gateway says of the last reading: <c>good</c>, or why not; null before the first message.</summary>
    public string? Quality(string device) => _quality.GetValueOrDefault(device);

    public double? Latest(string device, string quantity) =>
        _samples.TryGetValue((device, quantity), out var samples) ? samples.Last().Value : null;

    /// <summary>Takes one telemetry message; anything else is left alone, since anybody may publish on such a topic.</summary>
    public void Take(LiveMessage message)
    {
        if (message.Topic.Split('/') is not ["sensors", var device, "telemetry"])
            return;
        try
        {
            using var document = JsonDocument.Parse(message.Payload);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                Take(device, document.RootElement, message.Arrived);
        }
        catch (JsonException)
        {
            // Not telemetry: the messages page shows it as it is.
        }
    }

    /// <summary>Takes values read over HTTP, if they are newer than what is known.</summary>
    public void Take(string device, DateTimeOffset? readAt, IReadOnlyDictionary<string, JsonElement> values)
    {
        if (readAt is not { } at || (_lastSeen.TryGetValue(device, out var seen) && at <= seen))
            return;
        foreach (var (quantity, value) in values)
            Add(device, quantity, value, at);
        Seen(device, at);
    }

    private void Take(string device, JsonElement telemetry, DateTimeOffset arrived)
    {
        var at = telemetry.TryGetProperty("time", out var stamp) && stamp.ValueKind == JsonValueKind.Number && stamp.TryGetInt64(out var milliseconds)
            && milliseconds is > 0 and < 253402300800000                               // year 10000: the end of DateTimeOffset
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : arrived;
        foreach (var member in telemetry.EnumerateObject().Where(member => member.Name is not "time"))
            Add(device, member.Name, member.Value, at);
        if (telemetry.TryGetProperty("quality", out var quality) && quality.ValueKind == JsonValueKind.String)
            _quality[device] = quality.GetString()!;
        Seen(device, at);
    }

    private void Add(string device, string quantity, JsonElement value, DateTimeOffset at)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
            return;
        if (!_samples.TryGetValue((device, quantity), out var samples))
            _samples[(device, quantity)] = samples = new Queue<Sample>(Capacity);
        if (samples.Count == Capacity)
            samples.Dequeue();
        samples.Enqueue(new Sample(at, number));
    }

    private void Seen(string device, DateTimeOffset at)
    {
        var now = time.GetUtcNow();
        _lastSeen[device] = at < now ? at : now;                                       // a clock ahead of ours must not read "in 3 s"
        Changed?.Invoke(device);
    }
}
