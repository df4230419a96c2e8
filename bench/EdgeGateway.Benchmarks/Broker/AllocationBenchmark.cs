using EdgeGateway.Broker;
using EdgeGateway.Configuration;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary><c>broker allocations</c>: bytes a PUBLISH costs from the receive buffer to the subscriber's output, without a socket.</summary>
internal static class AllocationBenchmark
{
    private const int Messages = 10_000;

    public static int Run()
    {
        var (publisher, subscriber) = Connect();
        var qos0 = Measurement.Of("broker/publish-qos0", Messages, () => Feed(publisher, subscriber, LoadConnection.Publish("bench/a/telemetry", new byte[100], 0)));
        var qos1 = Measurement.Of("broker/publish-qos1", Messages, () => Feed(publisher, subscriber, LoadConnection.Publish("bench/q/telemetry", new byte[100], 1)));
        return qos0.Report() | qos1.Report();
    }

    private static void Feed(MemoryClient publisher, MemoryClient subscriber, byte[] frame)
    {
        for (var n = 0; n < Messages; n++)
        {
            publisher.Connection.Consume(frame);
            publisher.Drain();
            subscriber.Drain();
        }
    }

    private static (MemoryClient Publisher, MemoryClient Subscriber) Connect()
    {
        var tree = ConfigurationTree.Parse("");
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IAuthenticator, OpenDoor>();
        services.AddSingleton<IAuthorizer, OpenDoor>();
        services.AddSingleton(new GatewayOptions { Name = "bench", Account = "0", Region = "edge", DataFolder = "/nowhere" });
        services.AddBroker(tree.Root);
        services.AddGateway(tree.Root);
        var context = services.BuildServiceProvider().GetRequiredService<GatewayContext>();
        var (publisher, subscriber) = (new MemoryClient(context, "pub"), new MemoryClient(context, "sub"));
        subscriber.Connection.Consume(LoadConnection.SubscribePacket("bench/a/+", 0));
        subscriber.Connection.Consume(LoadConnection.SubscribePacket("bench/q/+", 1));
        subscriber.Drain();
        return (publisher, subscriber);
    }

    /// <summary>A connection whose peer takes everything and acknowledges it.</summary>
    private sealed class MemoryClient : ITransport
    {
        private readonly byte[] _ack = [0x40, 2, 0, 0];

        public MemoryClient(GatewayContext context, string clientId)
        {
            Connection = new(context, new() { Listener = ListenerKind.Mqtt, AnonymousAllowed = true }, this, NullLogger.Instance);
            byte[] id = [.. clientId.Select(static letter => (byte)letter)];
            Connection.Consume([0x10, (byte)(12 + id.Length), 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 0, 0, (byte)id.Length, .. id]);
            Drain();
        }

        public MqttConnection Connection { get; }

        public void Drain()
        {
            while (Connection.TakeOutput(out var buffer, out var length))
            {
                var identifier = buffer[0] == 0x32 ? (Topic: (buffer[2] << 8) | buffer[3], Found: true) : default;
                if (identifier.Found)
                    buffer.AsSpan(4 + identifier.Topic, 2).CopyTo(_ack.AsSpan(2));
                Connection.OutputWritten(buffer);
                if (identifier.Found && length > 4)
                    Connection.Consume(_ack);
            }
        }

        public bool TryFlush() => true;
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => ValueTask.CompletedTask;
        public ValueTask CloseAsync() => ValueTask.CompletedTask;
        public void Abort()
        {
        }
    }
}
