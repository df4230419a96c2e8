using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EdgeGateway.Hosting;

/// <summary>
/// Says who tried TLS and failed: garbage, another protocol, no version or cipher in common. The first failure of an address is a line at
/// once, more of them one line a minute with their number, so that a scanner cannot fill the disk. What is wrong with a certificate is
/// identity's to say, after the handshake.
/// </summary>
internal sealed partial class HandshakeFailures(TimeProvider time, ILogger<HandshakeFailures> logger)
{
    private const int MaxAddresses = 1000;
    private static readonly object Done = new();
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<IPAddress, Tally> _tallies = new();

    /// <summary>TLS on a listener, watched.</summary>
    public void UseTls(ListenOptions listen, TlsHandshakeCallbackOptions options)
    {
        listen.Use(next => async connection =>
        {
            await next(connection);
            if (!connection.Items.ContainsKey(Done))
                Note((connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None);
        });
        listen.UseHttps(options);
        listen.Use(next => connection =>
        {
            connection.Items[Done] = true;
            return next(connection);
        });
    }

    internal void Note(IPAddress address)
    {
        if (_tallies.Count >= MaxAddresses && !_tallies.ContainsKey(address))
            _tallies.Clear();
        var failures = _tallies.GetOrAdd(address, static _ => new Tally()).Add(time);
        if (failures > 0)
            LogFailed(address, failures);
    }

    [LoggerMessage(9051, LogLevel.Information, "TLS handshake of {Address} failed ({Failures} since the last line about it): no TLS, or nothing in common")]
    private partial void LogFailed(IPAddress address, int failures);

    /// <summary>Failures of one address since its last line.</summary>
    private sealed class Tally
    {
        private readonly Lock _lock = new();                         // guards both
        private int _failures;
        private long? _toldAt;

        /// <returns>How many to tell of now; 0: keep quiet.</returns>
        public int Add(TimeProvider time)
        {
            lock (_lock)
            {
                _failures++;
                if (_toldAt is { } told && time.GetElapsedTime(told) < Quiet)
                    return 0;
                var tell = _failures;
                (_failures, _toldAt) = (0, time.GetTimestamp());
                return tell;
            }
        }
    }
}
