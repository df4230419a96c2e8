using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>Above the gateway: a client with a persistent session that notes every number it is given, in order, over outages of its broker.</summary>
internal sealed class NumberCollector(string topic, int port) : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly List<int> _numbers = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _last = int.MaxValue;

    public int[] Numbers
    {
        get
        {
            lock (_numbers)
                return [.. _numbers];
        }
    }

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _client.ApplicationMessageReceivedAsync -= NoteAsync;
        _client.ApplicationMessageReceivedAsync += NoteAsync;
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("collector").WithCleanStart(false).WithSessionExpiryInterval(uint.MaxValue).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build();
        while (!_client.IsConnected)
        {
            try
            {
                await _client.ConnectAsync(options, cancellationToken);
            }
            catch (MqttCommunicationException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        await _client.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic(topic).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellationToken);
    }

    /// <summary>Completes when number <paramref name="last"/> has come.</summary>
    public Task HasAsync(int last, CancellationToken cancellationToken)
    {
        lock (_numbers)
        {
            _last = last;
            if (_numbers.Contains(last))
                _complete.TrySetResult();
        }
        return _complete.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
            await _client.DisconnectAsync();
        _client.Dispose();
    }

    private Task NoteAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        var number = int.Parse(Encoding.UTF8.GetString(received.ApplicationMessage.Payload), CultureInfo.InvariantCulture);
        lock (_numbers)
        {
            _numbers.Add(number);
            if (number == _last)
                _complete.TrySetResult();
        }
        return Task.CompletedTask;
    }
}
