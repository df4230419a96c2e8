using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>A device that publishes 1, 2, 3 … at QoS 1, one in flight, each again until it is acknowledged, over whatever happens to its broker.</summary>
internal sealed class NumberedPublisher(string topic) : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private volatile TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _acknowledged;

    /// <summary>The highest number the broker has acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public void BrokerIsAt(int port) => _port.TrySetResult(port);

    public void BrokerIsGone() => _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task PublishAsync(int last, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= last;)
        {
            try
            {
                await ConnectAsync(cancellationToken);
                var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload($"{number}").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
                var result = await _client.PublishAsync(message, cancellationToken);
                Assert.True(result.IsSuccess, $"{number}: {result.ReasonCode}");
                Volatile.Write(ref _acknowledged, number++);
            }
            catch (Exception ex) when (ex is MqttCommunicationException or MqttClientNotConnectedException or MqttClientDisconnectedException || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Cut off: the same number goes out again on the next connection.
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
