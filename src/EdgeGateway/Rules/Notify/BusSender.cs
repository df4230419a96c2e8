using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;

namespace EdgeGateway.Rules.Notify;

/// <summary>Publishes what a topic of `sns` tells MQTT clients.</summary>
internal sealed class BusSender(IMessageBus bus) : IParcelSender
{
    public const string KindName = "mqtt";

    public string Kind => KindName;

    public static byte[] Write(MessageOrigin origin, ReadOnlyMemory<byte> payload)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(origin.Source);
            writer.Write(origin.Hops);
            writer.Write(payload.Length);
            writer.Write(payload.Span);
        }
        return stream.ToArray();
    }

    public async Task<RuleActionFailure?> SendAsync(Parcel parcel, ParcelContext context, CancellationToken cancellationToken)
    {
        using var reader = new BinaryReader(new MemoryStream(parcel.Bytes), Encoding.UTF8);
        var origin = new MessageOrigin(reader.ReadString(), reader.ReadInt32());
        var message = new ApplicationMessage(parcel.Resource, reader.ReadBytes(reader.ReadInt32())) { Origin = origin };
        return await bus.PublishAsync(message, cancellationToken) switch
        {
            PublishOutcome.Loop => new(parcel.Resource, $"the message has been through {origin.Hops} rules and is dropped: do the rules feed each other?", "RepublishLoop", IsRecoverable: false),
            PublishOutcome.Refused => new(parcel.Resource, $"the broker could not store the message for {parcel.Resource}", "StoreFull", IsRecoverable: true),
            _ => null,
        };
    }
}
