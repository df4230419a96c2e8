using System.Collections.Concurrent;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Secrets;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Rules.Delivery;

/// <inheritdoc cref="IDeliveries"/>
internal sealed class Deliveries : IDeliveries, IAsyncDisposable
{
    private readonly string _folder;
    private readonly DeadLetters _letters;
    private readonly SecretBox _box;
    private readonly TimeProvider _time;
    private readonly ILogger<Deliveries> _logger;
    private readonly Dictionary<string, IParcelSender> _senders;
    private readonly ConcurrentDictionary<DeliveryName, Lazy<DeliveryQueue>> _queues = new();
    private volatile bool _isStarted;

    public Deliveries(GatewayOptions gateway, DeadLetters letters, IEnumerable<IParcelSender> senders, SecretBox box, TimeProvider time, ILogger<Deliveries> logger)
    {
        _folder = Path.Combine(gateway.DataFolder, "rule-delivery");
        (_letters, _box, _time, _logger) = (letters, box, time, logger);
        _senders = senders.ToDictionary(static sender => sender.Kind, StringComparer.Ordinal);
    }

    /// <summary>What is told of a message that is given up: rule, item, failure with the action's name, tries, when it failed first.</summary>
    public Func<string, DeliveryItem, RuleErrorDocument.Entry, Task>? Refused { get; set; }

    public IReadOnlyList<DeliveryStatus> All => [.. _queues.Values.Select(static queue => queue.Value.Status).OrderBy(static status => status.Rule, StringComparer.Ordinal).ThenBy(static status => status.Place, StringComparer.Ordinal)];

    public DeliveryStatus? StatusOf(DeliveryName name) => _queues.GetValueOrDefault(name)?.Value.Status;

    /// <summary>The queue of an action; made, or found with what waits in it.</summary>
    public DeliveryQueue Open(DeliveryName name, DeliverySettings settings)
    {
        var queue = (_queues.GetValueOrDefault(name) ?? _queues.GetOrAdd(name, key => new(() => Make(key, settings)))).Value;
        if (!ReferenceEquals(queue.Settings, settings))
            queue.Use(settings);
        return queue;
    }

    public IReadOnlyList<DeadLetter> DeadLetters(string? rule, int limit) => _letters.List(rule, limit);

    public async Task<int> ResendAsync(long? id, string? rule)
    {
        var sent = 0;
        foreach (var (letter, name, record) in _letters.Records(id, rule))
        {
            if (DeliveryRecord.Read(record, _box) is not { } item)
                continue;
            var again = item with { StoredAt = _time.GetUtcNow().ToUnixTimeMilliseconds(), Source = -1 };
            var queue = _queues.GetValueOrDefault(name)?.Value ?? Open(name, new DeliverySettings { Mode = DeliveryMode.Store });
            if (await queue.StoreAsync(item.Topic, again, isSealed: record[16] == 1, isReplay: false) is not null)
                continue;
            await _letters.DeleteAsync(letter, null);
            sent++;
        }
        return sent;
    }

    public Task<int> DiscardAsync(long? id, string? rule) => _letters.DeleteAsync(id, rule);

    /// <summary>The rule is gone, and with it what waits.</summary>
    public async Task ForgetAsync(string rule)
    {
        foreach (var key in _queues.Keys.Where(key => key.Rule == rule))
        {
            if (!_queues.TryRemove(key, out var queue))
                continue;
            await queue.Value.DisposeAsync();
            Directory.Delete(Path.Combine(_folder, queue.Value.Name.Folder), recursive: true);
        }
    }

    /// <summary>After the rules are there, of which some may have other actions by now: what was stored before the last stop begins to go.</summary>
    public void Start()
    {
        if (Directory.Exists(_folder))
        {
            foreach (var name in Directory.GetDirectories(_folder).Select(static path => DeliveryName.OfFolder(Path.GetFileName(path))).OfType<DeliveryName>())
                _queues.GetOrAdd(name, static (key, all) => new(() => all.Make(key, new DeliverySettings { Mode = DeliveryMode.Store })), this);
        }
        _isStarted = true;
        foreach (var queue in _queues.Values)
            queue.Value.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in _queues.Keys)
        {
            if (_queues.TryRemove(key, out var queue))
                await queue.Value.DisposeAsync();
        }
    }

    private DeliveryQueue Make(DeliveryName name, DeliverySettings settings)
    {
        var queue = new DeliveryQueue(name, new DiskLogFiles(Path.Combine(_folder, name.Folder)), settings, kind => _senders.GetValueOrDefault(kind), GiveUpAsync, _box, _time, _logger);
        if (_isStarted)
            queue.Start();
        return queue;
    }

    private async Task GiveUpAsync(DeliveryQueue queue, DeliveryItem item, RuleActionFailure failure, int attempts, DateTimeOffset firstErrorAt)
    {
        var masked = failure with { Message = _box.Mask(failure.Message), Resource = _box.Mask(failure.Resource) };
        if (queue.Settings.DeadLetter)
            await _letters.AddAsync(queue.Name, item, DeliveryRecord.Write(item, _box), masked, masked.Message, attempts);
        if (Refused is { } refused)
            await refused(queue.Name.Rule, item, new RuleErrorDocument.Entry(queue.Name.Action, masked, attempts, firstErrorAt));
    }
}
