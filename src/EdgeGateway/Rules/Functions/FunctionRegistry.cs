using Microsoft.Extensions.Hosting;

namespace EdgeGateway.Rules.Functions;

/// <inheritdoc cref="IFunctions"/>
internal sealed class FunctionRegistry : IFunctions, IHostedService, IAsyncDisposable
{
    private readonly Dictionary<string, Entry> _functions = new(StringComparer.Ordinal);

    public FunctionRegistry(IReadOnlyList<FunctionDefinition> functions, RuleHttp http, TimeProvider time, ILogger<FunctionRegistry> logger)
    {
        var groups = new ControlGroups();
        foreach (var function in functions)
            _functions[function.Name] = new Entry(function, function.Url is { } url ? new HttpCarrier(new Uri(url), http.Client) : new ProcessCarrier(function, groups, time, logger));
    }

    public IReadOnlyList<FunctionStatus> All => [.. _functions.Values.Select(static entry => entry.Status)];

    public async Task<FunctionAnswer> InvokeAsync(string name, ReadOnlyMemory<byte> @event, FunctionCall call, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } entry)
            return FunctionAnswer.Failed($"there is no function {name}: the configuration defines functions under rules.functions", mayPass: false);
        return await entry.CallAsync(@event, call, cancellationToken);
    }

    // A function of which there is one version alone is that one, whatever a rule from the cloud calls it.
    private Entry? Find(string name)
    {
        if (_functions.GetValueOrDefault(name) is { } exact)
            return exact;
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || _functions.GetValueOrDefault(name[..colon]) is not { } latest)
            return null;
        if (latest.Function.Aliases.TryGetValue(name[(colon + 1)..], out var version))
            return _functions.GetValueOrDefault($"{name[..colon]}:{version}");
        return _functions.Keys.Any(other => other.StartsWith($"{name[..colon]}:", StringComparison.Ordinal)) ? null : latest;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var entry in _functions.Values)
            await entry.Carrier.DisposeAsync();
        _functions.Clear();
    }

    private sealed class Entry(FunctionDefinition function, IFunctionCarrier carrier)
    {
        private readonly SemaphoreSlim _room = new(function.Concurrency);
        private long _calls;
        private long _failures;
        private volatile string? _lastError;

        public FunctionDefinition Function => function;

        public IFunctionCarrier Carrier => carrier;

        public FunctionStatus Status => new(
            function.Name, carrier.Kind, carrier.Target, Interlocked.Read(ref _calls), Interlocked.Read(ref _failures), function.Concurrency - _room.CurrentCount, carrier.Restarts, _lastError);

        public async Task<FunctionAnswer> CallAsync(ReadOnlyMemory<byte> @event, FunctionCall call, CancellationToken cancellationToken)
        {
            var timeout = call.Timeout is { } wanted && wanted < function.Timeout ? wanted : function.Timeout;
            Interlocked.Increment(ref _calls);
            var answer = await _room.WaitAsync(timeout, cancellationToken)
                ? await InRoomAsync(@event, call, timeout, cancellationToken)
                : FunctionAnswer.Failed($"{function.Name} has {function.Concurrency} calls under way", mayPass: true);
            if (answer.Error is not { } error)
                return answer;
            Interlocked.Increment(ref _failures);
            _lastError = error;
            return answer;
        }

        private async Task<FunctionAnswer> InRoomAsync(ReadOnlyMemory<byte> @event, FunctionCall call, TimeSpan timeout, CancellationToken cancellationToken)
        {
            try
            {
                return await carrier.CallAsync(@event, call, timeout, cancellationToken);
            }
            finally
            {
                _room.Release();
            }
        }
    }
}
