using System.Collections.Immutable;

namespace EdgeGateway.Rules;

/// <summary>Rules joined in memory: what an <c>emit</c> action gives goes to the rules whose FROM names the stream (docs/rules.md).</summary>
internal sealed class RuleStreams
{
    private ImmutableDictionary<string, ImmutableList<Listener>> _listeners = ImmutableDictionary.Create<string, ImmutableList<Listener>>(StringComparer.Ordinal);

    private sealed record Listener(Action<RoutedMessage> Take);

    /// <returns>Ends the subscription.</returns>
    public IDisposable Subscribe(string stream, Action<RoutedMessage> take)
    {
        var listener = new Listener(take);
        ImmutableInterlocked.AddOrUpdate(ref _listeners, stream, [listener], (_, others) => others.Add(listener));
        return new Subscription(() => ImmutableInterlocked.AddOrUpdate(ref _listeners, stream, [], (_, others) => others.Remove(listener)));
    }

    /// <returns>Rules that took it; a full queue is its rule's own matter, which counts the drop.</returns>
    public int Emit(string stream, RoutedMessage message)
    {
        var listeners = _listeners.GetValueOrDefault(stream) ?? [];
        foreach (var listener in listeners)
            listener.Take(message);
        return listeners.Count;
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
