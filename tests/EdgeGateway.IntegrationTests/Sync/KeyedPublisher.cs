using System.Collections.Concurrent;
using System.Globalization;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>Devices that publish 1, 2, 3 … each on a topic of its own at QoS 1, many in flight; what was not acknowledged goes again.</summary>
internal sealed class KeyedPublisher(int keys) : IAsyncDisposable
{
    private const int InFlight = 20;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private volatile TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _acknowledged;

    /// <summary>Messages that went out more than once: the gateway may rightly have them twice.</summary>
    public ConcurrentDictionary<(int Key, int Number), bool> Repeated { get; } = [];

    /// <summary>Messages the gateway has acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public void BrokerIsAt(int port) => _port.TrySetResult(port);

    public void BrokerIsGone() => _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="perKey">Numbers of each key.</param>
    public async Task PublishAsync(int perKey, CancellationToken cancellationToken)
    {
        var all = (from number in Enumerable.Range(1, perKey) from key in Enumerable.Range(0, keys) select (Key: key, Number: number)).ToArray();
        for (var next = 0; next < all.Length;)
        {
            var round = all[next..Math.Min(all.Length, next + InFlight)];
            var sent = new List<Task<MqttClientPublishResult>>();
            try
            {
                await ConnectAsync(cancellationToken);
                foreach (var (key, number) in round)
                    sent.Add(_client.PublishAsync(
                        new MqttApplicationMessageBuilder().WithTopic($"load/{key}").WithPayload(number.ToString(CultureInfo.InvariantCulture)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
                        cancellationToken));
                foreach (var result in await Task.WhenAll(sent))
                    Assert.True(result.IsSuccess, $"{result.ReasonCode}");
                next += round.Length;
                Interlocked.Add(ref _acknowledged, round.Length);
            }
            catch (Exception ex) when (ex is MqttCommunicationException or MqttClientNotConnectedException or MqttClientDisconnectedException || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                foreach (var message in round)
                    Repeated[message] = true;
                await Task.WhenAll(sent.Select(static each => each.ContinueWith(static _ => { }, TaskScheduler.Default)));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
            await _client.DisconnectAsync();
        _client.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_client.IsConnected)
            return;
        var port = await _port.Task.WaitAsync(cancellationToken);
        await _client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("load").Build(), cancellationToken);
    }
}
