using System.Net;
using EdgeGateway.Api;
using EdgeGateway.Api.Aws;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGateway.Hosting;

/// <summary>The TCP listeners of this run: what was asked for before the start, what was bound after it.</summary>
internal sealed class ListenerBook : IListenerPorts, IBoundListeners
{
    private readonly List<(string Name, IPEndPoint Wanted, Func<IPEndPoint> Bound)> _listeners = [];

    public void Add(string name, IPEndPoint wanted, ListenOptions options) => Add(name, wanted, () => options.IPEndPoint!);

    /// <param name="bound">Asked after the start.</param>
    public void Add(string name, IPEndPoint wanted, Func<IPEndPoint> bound) => _listeners.Add((name, wanted, bound));

    public int? Https => _listeners.Find(static listener => listener.Name == "https").Bound?.Invoke().Port;

    /// <summary>Such as <c>mqtt</c> → <c>127.0.0.1:1883</c>; Kestrel puts the bound port into its options.</summary>
    public IReadOnlyDictionary<string, string> Bound() =>
        _listeners.ToDictionary(static listener => listener.Name, static listener => listener.Bound().ToString(), StringComparer.Ordinal);

    /// <summary>Why binding failed, as one line for a person, from the exception and the state of the machine.</summary>
    public StartException Explain(Exception failure)
    {
        foreach (var (name, wanted, _) in _listeners)
        {
            if (wanted.Port == 0 || !ProcessFinder.IsListening(wanted.Address, wanted.Port))
                continue;
            var owner = ProcessFinder.OwnerOfPort(wanted.Port) is { } process ? $" by {process}" : " by a process this user cannot see";
            return new($"port {wanted.Port} of listeners.{name} is in use{owner}: stop it, or set listeners.{name}.port to another port (-1 turns the listener off)", failure);
        }
        return new($"a listener cannot be opened: {failure.Message.TrimEnd('.')}; see listeners.* in the configuration", failure);
    }
}
