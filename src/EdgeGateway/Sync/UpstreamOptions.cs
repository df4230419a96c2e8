using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Store;
using EdgeGateway.Sync.Things;

namespace EdgeGateway.Sync;

/// <summary>One entry of <c>upstream[]</c>.</summary>
public sealed record UpstreamOptions
{
    private const int MaxNameLength = 64;

    /// <summary>Unique; also the name of its folder. Letters, digits, '-', '_'.</summary>
    public required string Name { get; init; }

    public required UpstreamKind Kind { get; init; }

    /// <summary>mqtt, mqtts, ws or wss with host and port; for kind https the address that is posted to.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Further addresses of the same upstream, such as the other nodes of a cluster: tried in turn when one does not answer.</summary>
    public IReadOnlyList<Uri> OtherEndpoints { get; init; } = [];

    /// <summary>Null: the gateway's name.</summary>
    public string? ClientId { get; init; }

    public required UpstreamCredentials Credentials { get; init; }
    public required IReadOnlyList<UpRoute> Up { get; init; }
    public required IReadOnlyList<DownRoute> Down { get; init; }
    public required IReadOnlyList<ShadowRoute> Shadows { get; init; }

    /// <summary>Null: the registry stays ours alone.</summary>
    internal RegistryRoute? Registry { get; init; }

    public ShadowStrategy ShadowStrategy { get; init; }

    /// <summary>Between two rounds of <see cref="ShadowStrategy.Periodic"/>.</summary>
    public TimeSpan ShadowInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Shadows worked off in a second, with a burst of twice as many; 0: no limit.</summary>
    public int ShadowRate { get; init; } = 50;

    /// <summary>MQTT 5 unless the upstream knows only 3.1.1; then nothing can be marked as resent.</summary>
    public bool IsVersion5 { get; init; } = true;

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages on their way at once; the upstream's Receive Maximum lowers it.</summary>
    public int Window { get; init; } = 256;

    /// <summary>Without an acknowledgement for this long the connection counts as broken.</summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the store gathers before a flush; publishers at QoS 1 wait as long.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Bits per second; null: no cap.</summary>
    public long? Bandwidth { get; init; }

    /// <summary>Bytes a calendar month over the line; when they are used up only class high goes on. Null: no limit.</summary>
    public long? Month { get; init; }

    /// <summary>Before the topic of a message that waited or goes again; empty: it keeps its topic.</summary>
    public string ReplayPrefix { get; init; } = "";

    internal OutboxLimits Limits { get; init; } = new(1L << 30, TimeSpan.FromDays(30));

    public bool IsEncrypted => Endpoint.Scheme is "mqtts" or "wss";

    public bool IsWebSocket => Endpoint.Scheme is "ws" or "wss";

    internal static UpstreamOptions Read(ConfigurationNode node)
    {
        var name = node.Required("name", "a name of letters, digits, '-' and '_'");
        if (name.Length > MaxNameLength || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            node.Fault("name", $"is '{name}', expected 1 to {MaxNameLength} letters, digits, '-' or '_'");
        var kind = node.OneOf("kind", "mqtt", "mqtt", "edgegateway", "aws-iot", "https") switch
        {
            "https" => UpstreamKind.Https,
            "edgegateway" => UpstreamKind.EdgeGateway,
            "aws-iot" => UpstreamKind.AwsIot,
            _ => UpstreamKind.Mqtt,
        };
        var version5 = node.OneOf("protocol", "5", "5", "3.1.1") == "5";
        var limits = node.Section("limits");
        var endpoint = ReadEndpoint(node, kind);
        var up = ReadUp(node);
        var down = ReadDown(node);
        RefuseEcho(node, version5, up, down);
        var credentials = ReadCredentials(node, kind, endpoint);
        if (kind == UpstreamKind.Https)
            foreach (var key in (ReadOnlySpan<string>)["down", "shadows"])
                if (node.Items(key).Any())
                    node.Fault(key, "is not possible over https, expected a kind that speaks MQTT");
        return new()
        {
            Name = name,
            Kind = kind,
            Endpoint = endpoint,
            OtherEndpoints = [.. node.Strings("otherEndpoints").Select(text => ReadEndpoint(node, kind, "otherEndpoints", text))],
            ClientId = node.String("clientId"),
            Credentials = credentials,
            Up = up,
            Down = down,
            Shadows = [.. node.Items("shadows").Select(ShadowRouteReader.Read)],
            Registry = RegistryRoute.Read(node, kind, credentials),
            ShadowStrategy = node.OneOf("shadowStrategy", "realtime", "realtime", "periodic", "manual") switch
            {
                "periodic" => ShadowStrategy.Periodic,
                "manual" => ShadowStrategy.Manual,
                _ => ShadowStrategy.Realtime,
            },
            ShadowInterval = node.Duration("shadowInterval", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
            ShadowRate = limits.Int32("shadowRate", 50, atLeast: 0, atMost: 100_000),
            IsVersion5 = version5,
            KeepAlive = node.Duration("keepAlive", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5), TimeSpan.FromHours(18)),
            Window = node.Int32("window", 256, atLeast: 1, atMost: 10_000),
            AcknowledgeTimeout = node.Duration("acknowledgeTimeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Linger = limits.Duration("linger", TimeSpan.FromMilliseconds(10), atMost: TimeSpan.FromSeconds(1)),
            Bandwidth = ReadBandwidth(limits),
            Month = limits.String("month") is null ? null : limits.Size("month", 1 << 20, atLeast: 1 << 20),
            ReplayPrefix = ReadPrefix(node, "replayPrefix"),
            Limits = new(limits.Size("bytes", 1L << 30, atLeast: 8L << 20), limits.Duration("age", TimeSpan.FromDays(30), TimeSpan.FromMinutes(1)))
            {
                Full = ReadFull(node),
            },
        };
    }

    private static Uri ReadEndpoint(ConfigurationNode node, UpstreamKind kind) =>
        kind == UpstreamKind.Https ? ReadWebAddress(node) : ReadEndpoint(node, kind, "endpoint", node.Required("endpoint", "an address such as mqtts://broker.example:8883"));

    private static Uri ReadEndpoint(ConfigurationNode node, UpstreamKind kind, string key, string text)
    {
        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : (kind == UpstreamKind.AwsIot ? "mqtts://" : "mqtt://") + text;
        if (Uri.TryCreate(withScheme, UriKind.Absolute, out var uri) && uri.Scheme is "mqtt" or "mqtts" or "ws" or "wss" && uri.Host.Length > 0)
        {
            if (kind == UpstreamKind.AwsIot && uri.Scheme is not ("mqtts" or "wss"))
                node.Fault(key, $"is '{text}', expected mqtts:// (AWS IoT Core takes no plain MQTT)");
            return uri.Port > 0 ? uri : new UriBuilder(uri) { Port = DefaultPort(uri.Scheme) }.Uri;
        }
        if (text.Length > 0)
            node.Fault(key, $"is '{text}', expected mqtt://, mqtts://, ws:// or wss:// with a host, such as mqtts://broker.example:8883");
        return new("mqtt://localhost:1883");
    }

    private static Uri ReadWebAddress(ConfigurationNode node)
    {
        var text = node.Required("endpoint", "an address such as https://collector.example/messages");
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Host.Length > 0)
            return uri;
        if (text.Length > 0)
            node.Fault("endpoint", $"is '{text}', expected https:// (or http:// within the house) with a host, such as https://collector.example/messages");
        return new("https://localhost/");
    }

    private static int DefaultPort(string scheme) => scheme switch { "mqtt" => 1883, "mqtts" => 8883, "ws" => 80, _ => 443 };

    private static UpstreamCredentials ReadCredentials(ConfigurationNode node, UpstreamKind kind, Uri endpoint)
    {
        var section = node.Section("credentials");
        var credentials = new UpstreamCredentials(
            section.String("certificate"), section.String("key"), section.String("ca"), section.String("user"), section.String("passwordFile"), section.String("tokenFile"));
        if (credentials.Certificate is null != credentials.Key is null)
            section.Fault(credentials.Key is null ? "key" : "certificate", "is missing, expected both certificate and key, or neither");
        if (credentials is { PasswordFile: not null, User: null })
            section.Fault("user", "is missing, expected a user name beside passwordFile");
        if (credentials.TokenFile is not null && (kind != UpstreamKind.Https || credentials.User is not null))
            section.Fault("tokenFile", "is for kind https, and without user");
        if (kind == UpstreamKind.AwsIot && credentials.Certificate is null)
            section.Fault("certificate", "is missing, expected the device certificate AWS IoT Core knows");
        if (endpoint.Scheme is "mqtt" or "ws" or "http" && (credentials.Certificate ?? credentials.Ca) is not null)
            section.Fault($"is for an encrypted connection, but endpoint is {endpoint.Scheme}://; expected mqtts://, wss:// or https://");
        return credentials;
    }

    private static List<UpRoute> ReadUp(ConfigurationNode node)
    {
        var routes = new List<UpRoute>();
        foreach (var item in node.Items("up"))
        {
            var filter = item.Required("filter", "a topic filter such as sensors/#");
            if (filter.Length > 0 && !Topics.IsValidFilter(filter))
                item.Fault("filter", $"is '{filter}', expected a topic filter such as sensors/# or +/state");
            routes.Add(new(filter, ReadPrefix(item, "prefix"), ReadClass(item)));
        }
        return routes;
    }

    private static string ReadPrefix(ConfigurationNode node, string key)
    {
        var prefix = node.String(key, "");
        if (prefix.Length > 0 && !Topics.IsValidName(prefix))
            node.Fault(key, $"is '{prefix}', expected the start of a topic, without wildcards");
        return prefix;
    }

    private static MessageClass ReadClass(ConfigurationNode item) => item.OneOf("class", "normal", "high", "normal", "low") switch
    {
        "high" => MessageClass.High,
        "low" => MessageClass.Low,
        _ => MessageClass.Normal,
    };

    private static List<DownRoute> ReadDown(ConfigurationNode node)
    {
        var routes = new List<DownRoute>();
        foreach (var item in node.Items("down"))
        {
            var filter = item.Required("filter", "a topic filter such as site-7/commands/#");
            if (filter.Length > 0 && !Topics.IsValidFilter(filter))
                item.Fault("filter", $"is '{filter}', expected a topic filter such as site-7/commands/#");
            var strip = item.String("stripPrefix", "");
            if (!filter.StartsWith(strip, StringComparison.Ordinal) || filter.Length == strip.Length && strip.Length > 0)
                item.Fault("stripPrefix", $"is '{strip}', expected the start of the filter '{filter}', and something left behind it");
            routes.Add(new(filter, strip));
        }
        return routes;
    }

    // MQTT 5 has "no local"; without it a broker hands our own messages back, and they would go up again.
    private static void RefuseEcho(ConfigurationNode node, bool version5, List<UpRoute> up, List<DownRoute> down)
    {
        if (version5)
            return;
        foreach (var upwards in up)
            foreach (var downwards in down)
                if (MayOverlap(upwards.Prefix + upwards.Filter, downwards.Filter))
                    node.Fault("down", $"'{downwards.Filter}' may match what goes up by '{upwards.Filter}', a loop; expected protocol 5, or topics that differ");
    }

    /// <summary>Whether some topic matches both filters.</summary>
    internal static bool MayOverlap(string first, string second)
    {
        ReadOnlySpan<byte> a = Encoding.UTF8.GetBytes(first), b = Encoding.UTF8.GetBytes(second);
        while (true)
        {
            var left = Topics.NextLevel(ref a, out var leftEnded);
            var right = Topics.NextLevel(ref b, out var rightEnded);
            if (left is [(byte)'#'] || right is [(byte)'#'])
                return true;
            if (left is not [(byte)'+'] && right is not [(byte)'+'] && !left.SequenceEqual(right))
                return false;
            if (leftEnded || rightEnded)
                return leftEnded == rightEnded || (leftEnded ? b : a) is [(byte)'#'];
        }
    }

    private static long? ReadBandwidth(ConfigurationNode limits)
    {
        var rate = limits.Rate("bandwidth");
        if (rate is >= 0 and < 1000)
            limits.Fault("bandwidth", $"is {rate} bit/s, expected at least 1kbit");
        return rate;
    }

    // A class has one policy: given at a route, or under "classes"; routes of one class must agree.
    private static List<FullPolicy> ReadFull(ConfigurationNode node)
    {
        var policies = new FullPolicy?[3];
        foreach (var item in node.Items("up"))
            if (item.String("full") is not null)
                SetFull(item, policies, ReadClass(item));
        var classes = node.Section("classes");
        foreach (var (word, messageClass) in (ReadOnlySpan<(string, MessageClass)>)[("high", MessageClass.High), ("normal", MessageClass.Normal), ("low", MessageClass.Low)])
            if (classes.Section(word) is var section && section.String("full") is not null)
                SetFull(section, policies, messageClass);
        return [.. policies.Select(static policy => policy ?? FullPolicy.DropOldest)];
    }

    private static void SetFull(ConfigurationNode at, FullPolicy?[] policies, MessageClass messageClass)
    {
        var policy = at.OneOf("full", "drop-oldest", "drop-oldest", "drop-newest", "thin") switch
        {
            "drop-newest" => FullPolicy.DropNewest,
            "thin" => FullPolicy.Thin,
            _ => FullPolicy.DropOldest,
        };
        if (policies[(int)messageClass] is { } other && other != policy)
            at.Fault("full", $"differs from what class {Outbox.FolderOf(messageClass)} has elsewhere; expected one policy a class");
        policies[(int)messageClass] = policy;
    }
}
