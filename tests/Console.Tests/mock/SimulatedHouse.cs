using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeGateway.ConsoleMock;

/// <summary>Made-up devices whose values drift; all answers in the gateway's own shape.</summary>
internal sealed class SimulatedHouse
{
    private readonly Scene _scene;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _started;
    private readonly Lock _guard = new();                                             // guards everything below: requests and the clock meet here
    private readonly Dictionary<string, JsonObject> _wired = [];
    private readonly Dictionary<string, JsonObject> _shadows = [];
    private readonly List<JsonObject> _clients = [];
    private readonly List<JsonObject> _rules = [];
    private long _messages = 34_120;
    private long _backlog = 1240;
    private int _tick;

    public SimulatedHouse(Scene scene, TimeProvider time)
    {
        (_scene, _time) = (scene, time);
        _started = time.GetUtcNow() - TimeSpan.FromHours(27.4);
        if (scene == Scene.Empty)
            return;
        Wire("fan", "relay", "output", null, null, 27, ("state", "off", ""));
        Wire("greenhouse-1", "bme280", "sensor", "i2c-1", "0x76", null, ("temperature", 21.4, "°C"), ("humidity", 48.2, "%RH"), ("pressure", 1012.9, "hPa"));
        Wire("bench-3", "sht3x", "sensor", "i2c-1", "0x44", null, ("temperature", 23.9, "°C"), ("humidity", 39.7, "%RH"));
        Wire("tank", "ds18b20", "sensor", "w1", "28-0316a2794bff", null, ("temperature", 17.06, "°C"));
        Wire("soil", "ads1115", "sensor", "i2c-1", "0x48", null, ("bed1", 1.82, "V"), ("bed2", 2.07, "V"));
        Wire("door", "button", "input", null, null, 17, ("pressed", false, ""), ("presses", 14, ""));
        if (scene == Scene.Trouble)
            (_wired["bench-3"]["state"], _wired["bench-3"]["error"]) = ("failed", "No answer at 0x44 on i2c-1 (errno 121). Is the sensor wired and powered? Last good reading 4 min ago.");
        Client("sensor-kitchen", true, "192.168.1.40:53122", "device kitchen", "MQTT 3.1.1", 3);
        Client("nodered-1", true, "127.0.0.1:41220", "local", "MQTT 5", 12);
        Client("bedroom-panel", false, null, "device bedroom-panel", "MQTT 5", 4);
        Rule("warm-room-fan", "SELECT temperature, 'on' AS state FROM 'sensors/greenhouse-1/telemetry' WHERE temperature > 21.6", 31);
        Rule("log-climate", "SELECT temperature, humidity, time FROM 'sensors/+/telemetry'", 20_140);
        Rule("door-bell", "SELECT presses FROM 'sensors/door/telemetry' WHERE pressed = true", 14);
        if (scene == Scene.Trouble)
            (_rules[1]["failed"], _rules[1]["lastError"]) = (212, "table 'climate': no column named humidity (last: 3 s ago)");
    }

    public event Action<string, string>? Published;

    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Start(CancellationToken stopping) => Ended = RunAsync(stopping);

    public JsonObject Status()
    {
        lock (_guard)
        {
            var trouble = _scene == Scene.Trouble;
            return new JsonObject
            {
                ["name"] = _scene == Scene.Empty ? "raspberrypi" : "greenhouse-pi",
                ["version"] = "0.1.0",
                ["state"] = trouble ? "degraded" : "healthy",
                ["startedAt"] = _started,
                ["uptimeSeconds"] = (_time.GetUtcNow() - _started).TotalSeconds,
                ["components"] = new JsonArray(
                    Component("broker", "ok", null), Component("storage", "ok", "12.4 MB, 26 GB free"), Component("rules", trouble ? "degraded" : "ok", trouble ? "log-climate fails" : null),
                    Component("devices", trouble ? "degraded" : "ok", trouble ? "bench-3 gives no reading" : null), Component("identity", "ok", "certificates good until 2036")),
                ["broker"] = new JsonObject
                {
                    ["connections"] = 3, ["sessions"] = 4, ["subscriptions"] = 27, ["retained"] = 11, ["messagesIn"] = _messages, ["messagesOut"] = _messages * 2,
                    ["bytesIn"] = _messages * 130, ["bytesOut"] = _messages * 260, ["queuedMessages"] = 0, ["dropped"] = 0,
                },
                ["upstreams"] = _scene == Scene.Empty ? [] : new JsonArray(Upstream(trouble)),
            };
        }
    }

    public JsonArray Wired() => Copy(_wired.Values);

    public JsonArray Clients() => Copy(_clients);

    public JsonArray Rules() => Copy(_rules);

    public JsonArray Things() => Copy(_wired.Keys.Append("kitchen").Where(_ => _scene != Scene.Empty).Select(name => new JsonObject
    {
        ["name"] = name,
        ["typeName"] = name == "kitchen" ? "climate-node" : null,
        ["attributes"] = name == "kitchen" ? new JsonObject { ["room"] = "kitchen", ["floor"] = "0" } : [],
    }));

    public JsonNode? Shadow(string thing)
    {
        lock (_guard)
        {
            if (_shadows.TryGetValue(thing, out var stored))
                return stored.DeepClone();
            return _wired.TryGetValue(thing, out var device)
                ? new JsonObject { ["state"] = new JsonObject { ["reported"] = device["values"]!.DeepClone() }, ["version"] = _tick + 1, ["timestamp"] = _time.GetUtcNow().ToUnixTimeSeconds() }
                : null;
        }
    }

    /// <returns>Why not; null when done.</returns>
    public string? UpdateShadow(string thing, JsonNode update)
    {
        var shadow = Shadow(thing)?.AsObject() ?? new JsonObject { ["state"] = new JsonObject(), ["version"] = 0 };
        if (update["version"] is { } version && (long)version != (long)shadow["version"]!)
            return "Version conflict";
        if (update["state"]?["desired"] is JsonObject desired)
        {
            shadow["state"]!["desired"] = desired.DeepClone();
            Set(thing, desired);
        }
        shadow["version"] = (long)shadow["version"]! + 1;
        lock (_guard)
            _shadows[thing] = shadow;
        return null;
    }

    public bool Set(string name, JsonObject state)
    {
        lock (_guard)
        {
            if (!_wired.TryGetValue(name, out var device) || !(bool)device["settable"]!)
                return false;
            foreach (var (key, value) in state)
                device["values"]![key] = value?.DeepClone();
            device["lastReadingAt"] = _time.GetUtcNow();
        }
        return true;
    }

    public bool Remove(string clientId)
    {
        lock (_guard)
            return _clients.RemoveAll(client => (string?)client["clientId"] == clientId) > 0;
    }

    public void Publish(string topic, string payload)
    {
        Interlocked.Increment(ref _messages);
        Published?.Invoke(topic, payload);
    }

    public static JsonObject TestRule(JsonObject request)
    {
        var matched = ((string?)request["sql"])?.Contains("99", StringComparison.Ordinal) != true;
        return new JsonObject
        {
            ["results"] = new JsonArray(new JsonObject
            {
                ["matched"] = matched,
                ["whyNot"] = matched ? null : "temperature > 99 was false (temperature is 22.5)",
                ["output"] = matched ? request["messages"]?[0]?["payload"]?.DeepClone() : null,
            }),
        };
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                Step();
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Step()
    {
        var messages = new List<(string Topic, string Payload)>();
        lock (_guard)
        {
            _tick++;
            _backlog = _scene == Scene.Trouble ? _backlog + 3 : Math.Max(0, _backlog - 90);
            foreach (var (name, device) in _wired.Where(pair => (string?)pair.Value["kind"] == "sensor" && (string?)pair.Value["state"] == "ok"))
                messages.Add(($"sensors/{name}/telemetry", Drift(device)));
            Hit(_rules.FirstOrDefault(rule => (string?)rule["name"] == "log-climate"), messages.Count);
            if (_tick % 14 == 0)
                Hit(_rules.FirstOrDefault(), 1);
        }
        foreach (var (topic, payload) in messages)
            Publish(topic, payload);
    }

    private string Drift(JsonObject device)
    {
        var values = device["values"]!.AsObject();
        var telemetry = new JsonObject { ["time"] = _time.GetUtcNow().ToUnixTimeMilliseconds() };
        foreach (var (name, value) in values.ToArray())
        {
            var phase = (_tick / 17.0) + name.Length + ((string)device["name"]!).Length;
            var next = (double)value! * (1 + (0.0018 * Math.Sin(phase)) + ((Random.Shared.NextDouble() - 0.5) * 0.0011));
            values[name] = Math.Round(next, 3);
            telemetry[name] = Math.Round(next, 3);
        }
        telemetry["units"] = device["units"]!.DeepClone();
        telemetry["quality"] = "good";
        device["lastReadingAt"] = _time.GetUtcNow();
        return telemetry.ToJsonString();
    }

    private void Hit(JsonObject? rule, int times)
    {
        if (rule is null)
            return;
        rule["matched"] = (long)rule["matched"]! + times;
        rule["fired"] = (long)rule["fired"]! + times;
        rule["lastFiredAt"] = _time.GetUtcNow();
    }

    private JsonObject Upstream(bool away) => new()
    {
        ["name"] = "plant",
        ["kind"] = "mqtt",
        ["endpoint"] = "mqtts://broker.example:8883",
        ["state"] = away ? "disconnected" : "connected",
        ["connectedSince"] = away ? null : _started,
        ["backlogMessages"] = _backlog,
        ["backlogBytes"] = _backlog * 212,
        ["oldestSeconds"] = away ? 1320 : _backlog / 180.0,
        ["drainRate"] = away ? 0 : 180,
        ["fullInSeconds"] = away ? 26 * 86400 : null,
        ["lastError"] = away ? "connect to broker.example:8883: Connection refused; next attempt in 12 s" : null,
    };

    private void Wire(string name, string driver, string kind, string? bus, string? address, int? pin, params (string Name, object Value, string Unit)[] values) =>
        _wired[name] = new JsonObject
        {
            ["name"] = name, ["driver"] = driver, ["kind"] = kind, ["bus"] = bus, ["address"] = address, ["pin"] = pin, ["state"] = "ok", ["error"] = null,
            ["lastReadingAt"] = _time.GetUtcNow(), ["settable"] = kind == "output",
            ["values"] = new JsonObject(values.Select(value => KeyValuePair.Create(value.Name, value.Value switch
            {
                double number => JsonValue.Create(number),
                int number => JsonValue.Create((double)number),
                bool flag => JsonValue.Create(flag),
                var other => (JsonNode?)JsonValue.Create(Convert.ToString(other, CultureInfo.InvariantCulture)),
            }))),
            ["units"] = new JsonObject(values.Where(value => value.Unit.Length > 0).Select(value => KeyValuePair.Create(value.Name, (JsonNode?)JsonValue.Create(value.Unit)))),
        };

    private void Client(string id, bool connected, string? address, string principal, string protocol, int subscriptions) =>
        _clients.Add(new JsonObject
        {
            ["clientId"] = id, ["connected"] = connected, ["address"] = address, ["principal"] = principal, ["protocol"] = protocol,
            ["connectedAt"] = _started + TimeSpan.FromHours(id.Length), ["subscriptions"] = subscriptions, ["queued"] = connected ? 0 : 37, ["inFlight"] = 0,
        });

    private void Rule(string name, string sql, long fired) =>
        _rules.Add(new JsonObject
        {
            ["name"] = name, ["enabled"] = true, ["sql"] = sql, ["matched"] = fired, ["fired"] = fired, ["failed"] = 0, ["lastFiredAt"] = _time.GetUtcNow() - TimeSpan.FromMinutes(name.Length * 3), ["lastError"] = null,
        });

    private static JsonObject Component(string name, string state, string? message) => new() { ["name"] = name, ["state"] = state, ["message"] = message };

    private JsonArray Copy(IEnumerable<JsonObject> items)
    {
        lock (_guard)
            return new JsonArray([.. items.Select(item => (JsonNode?)item.DeepClone())]);
    }
}
