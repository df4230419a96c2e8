using System.Net;
using EdgeGateway.Configuration;

namespace EdgeGateway.Gateway;

/// <summary>The MQTT listeners (<c>listeners.mqtt</c>, <c>listeners.mqtts</c>) and what holds for each connection.</summary>
public sealed record ListenerOptions
{
    public required string MqttAddress { get; init; }

    /// <summary>0: a free port; -1: no listener.</summary>
    public required int MqttPort { get; init; }

    /// <summary>Event loops of the plain listener; 0: Kestrel serves it.</summary>
    public int Loops { get; init; }

    /// <summary>Own event loops serve the plain listener.</summary>
    public bool UsesLoops => Loops > 0 && OperatingSystem.IsLinux();

    /// <summary>Clients without credentials are let in on the plain listener.</summary>
    public required bool Anonymous { get; init; }

    /// <summary>Policy of clients without credentials, looked up at each connect.</summary>
    public required string AnonymousPolicy { get; init; }

    public required string MqttsAddress { get; init; }
    public required int MqttsPort { get; init; }

    /// <summary>Time from the first byte's chance to CONNECT; who is slower is disconnected.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal static ListenerOptions Read(ConfigurationNode listeners)
    {
        var mqtt = listeners.Section("mqtt");
        var mqtts = listeners.Section("mqtts");
        return new()
        {
            MqttAddress = Address(mqtt, "127.0.0.1"),
            MqttPort = mqtt.Int32("port", 1883, -1, 65535),
            Loops = mqtt.Int32("loops", Math.Clamp(Environment.ProcessorCount - 1, 1, 3), 0, 64),
            Anonymous = mqtt.Boolean("anonymous", false),
            AnonymousPolicy = mqtt.String("policy", "local"),
            MqttsAddress = Address(mqtts, "0.0.0.0"),
            MqttsPort = mqtts.Int32("port", 8883, -1, 65535),
            ConnectTimeout = listeners.Duration("connectTimeout", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        };
    }

    private static string Address(ConfigurationNode listener, string ifAbsent)
    {
        var text = listener.String("address", ifAbsent);
        if (IPAddress.TryParse(text, out _))
            return text;
        listener.Fault("address", $"is '{text}', expected an IP address such as 127.0.0.1, 0.0.0.0 or ::");
        return ifAbsent;
    }
}
