using Microsoft.AspNetCore.Connections;

namespace EdgeGateway.Gateway;

/// <summary>So many TLS handshakes at a time; the others wait. Whoever takes long over his gives his turn back.</summary>
internal sealed class HandshakeGate(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan TurnTime = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _turns = new(2 * Environment.ProcessorCount);

    public async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!await TryEnterAsync(connection.ConnectionClosed))
            return;
        using var limit = new CancellationTokenSource(TurnTime, time);
        var turn = new Turn(_turns);
        using var onLimit = limit.Token.Register(turn.Done); // a slow peer does not stand in the others' way
        connection.Features.Set(turn);
        try
        {
            await next(connection);
        }
        finally
        {
            turn.Done();
        }
    }

    private async Task<bool> TryEnterAsync(CancellationToken gone)
    {
        try
        {
            await _turns.WaitAsync(gone);
            return true;
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            return false; // the peer did not wait for its turn
        }
    }

    public void Dispose() => _turns.Dispose();

    /// <summary>One connection's turn; given back once.</summary>
    internal sealed class Turn(SemaphoreSlim turns)
    {
        private int _done;

        public void Done()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
                turns.Release();
        }
    }
}
