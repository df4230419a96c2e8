using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>An MQTT client that hears everything about some shadows, in the order it comes.</summary>
internal sealed class ShadowListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<(string Topic, byte[] Body)> _messages = Channel.CreateUnbounded<(string, byte[])>();
    private int _barriers;

    private ShadowListener() => _client.ApplicationMessageReceivedAsync += message =>
    {
        _messages.Writer.TryWrite((message.ApplicationMessage.Topic, Encoding.UTF8.GetBytes(message.ApplicationMessage.ConvertPayloadToString() ?? "")));
        return Task.CompletedTask;
    };

    /// <param name="filter">Such as <c>$aws/things/+/shadow/#</c>.</param>
    public static async Task<ShadowListener> ConnectAsync(int port, string filter)
    {
        var listener = new ShadowListener();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId($"listener-{Guid.NewGuid():N}").WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build();
        await listener._client.ConnectAsync(options).WaitAsync(Patience);
        await listener._client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(Patience);
        return listener;
    }

    public Task PublishAsync(string topic, byte[] body) =>
        _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(body).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build()).WaitAsync(Patience);

    public Task PublishAsync(string topic, string body) => PublishAsync(topic, Encoding.UTF8.GetBytes(body));

    /// <summary>
    /// Everything heard until now below a shadow's prefix, requests left out: requests on one shadow are answered in order, so that a get asked
    /// now is answered last.
    /// </summary>
    /// <param name="prefix">Such as <c>$aws/things/lamp/shadow</c>.</param>
    public async Task<IReadOnlyList<(string Kind, byte[] Body)>> HeardAsync(string prefix)
    {
        var token = $"barrier-{++_barriers}";
        await PublishAsync($"{prefix}/get", $$"""{"clientToken":"{{token}}"}""");
        var heard = new List<(string, byte[])>();
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var (topic, body) in _messages.Reader.ReadAllAsync(limit.Token))
        {
            if (!topic.StartsWith(prefix + "/", StringComparison.Ordinal))
                continue;
            var kind = topic[(prefix.Length + 1)..];
            if (kind.StartsWith("get/", StringComparison.Ordinal) && Encoding.UTF8.GetString(body).Contains($"\"{token}\"", StringComparison.Ordinal))
                return heard;
            if (kind.Contains('/', StringComparison.Ordinal) && !kind.StartsWith("name/", StringComparison.Ordinal))
                heard.Add((kind, body));
        }
        throw new InvalidOperationException("the channel is never completed");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync();
        _client.Dispose();
    }
}
