using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>Above the gateway: notes every number of every key as it comes, and whether it is marked as resent.</summary>
internal sealed class KeyedCollector : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Dictionary<int, List<(int Number, bool IsMarked)>> _byKey = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<(int, int)> _seen = [];
    private int _expected = int.MaxValue;

    public async Task ConnectAsync(int port, string filter, CancellationToken cancellationToken, bool version5 = true)
    {
        _client.ApplicationMessageReceivedAsync += NoteAsync;
        await _client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("collector").WithProtocolVersion(version5 ? MQTTnet.Formatter.MqttProtocolVersion.V500 : MQTTnet.Formatter.MqttProtocolVersion.V311).Build(), cancellationToken);
        await _client.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic(filter).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellationToken);
    }

    /// <summary>Completes when so many different messages have come.</summary>
    public Task HasAsync(int messages, CancellationToken cancellationToken)
    {
        lock (_byKey)
        {
            _expected = messages;
            if (_seen.Count >= messages)
                _complete.TrySetResult();
        }
        return _complete.Task.WaitAsync(cancellationToken);
    }

    /// <summary>All that came, by key, in the order it came.</summary>
    public IReadOnlyDictionary<int, (int Number, bool IsMarked)[]> Came
    {
        get
        {
            lock (_byKey)
                return _byKey.ToDictionary(static each => each.Key, static each => each.Value.ToArray());
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync();
        }
        catch (MqttCommunicationException)
        {
            // its broker ended first
        }
        _client.Dispose();
    }

    private Task NoteAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        var message = received.ApplicationMessage;
        var key = int.Parse(message.Topic.Split('/')[^1], CultureInfo.InvariantCulture);
        var number = int.Parse(Encoding.UTF8.GetString(message.Payload), CultureInfo.InvariantCulture);
        var isMarked = message.UserProperties?.Any(static property => property.Name == "resent") == true;
        lock (_byKey)
        {
            if (!_byKey.TryGetValue(key, out var numbers))
                _byKey[key] = numbers = [];
            numbers.Add((number, isMarked));
            _seen.Add((key, number));
            if (_seen.Count >= _expected)
                _complete.TrySetResult();
        }
        return Task.CompletedTask;
    }
}
