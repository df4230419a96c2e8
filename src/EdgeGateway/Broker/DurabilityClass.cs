using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>One entry of <c>broker.durability</c>: the first filter that matches a topic decides.</summary>
internal sealed record DurabilityClass(byte[] Filter, Durability Durability)
{
    /// <summary>What nobody named: everything that is acknowledged is safe, but the broker's own statistics are not worth a write.</summary>
    public static Durability Of(IReadOnlyList<DurabilityClass> classes, ReadOnlySpan<byte> topic)
    {
        foreach (var entry in classes)
            if (Topics.Matches(entry.Filter, topic))
                return entry.Durability;
        return topic.StartsWith("$SYS/"u8) ? Durability.Memory : Durability.Sync;
    }

    internal static IReadOnlyList<DurabilityClass> Read(ConfigurationNode broker)
    {
        var classes = new List<DurabilityClass>();
        foreach (var item in broker.Items("durability"))
        {
            var filter = item.Required("filter", "a topic filter such as telemetry/#");
            if (!Topics.IsValidFilter(filter))
                item.Fault("filter", $"is '{filter}', expected a topic filter such as telemetry/#");
            var name = item.OneOf("class", "sync", "sync", "lazy", "memory");
            classes.Add(new(Encoding.UTF8.GetBytes(filter), name switch { "lazy" => Durability.Lazy, "memory" => Durability.Memory, _ => Durability.Sync }));
        }
        return classes;
    }
}
