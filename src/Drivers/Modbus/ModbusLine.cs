namespace EdgeGateway.Drivers;

/// <summary>One RS-485 line and the only one to speak on it: requests queue, one at a time, with silence between.</summary>
/// <remarks>Between the tries of one slave others have their turn, so a dead one holds nobody up for longer than a reply's time.</remarks>
internal sealed class ModbusLine : IDisposable
{
    private static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(1), TurnTime = TimeSpan.FromSeconds(15);

    private readonly Func<IUartPort> _open;
    private readonly TimeProvider _time;
    private readonly TimeSpan _gap;
    private readonly BusQueue _queue;
    private IUartPort? _port;
    private long _quietSince;

    public ModbusLine(string name, UartParameters parameters, Func<IUartPort> open, TimeProvider time)
    {
        Name = name;
        Parameters = parameters;
        _open = open;
        _time = time;
        _queue = new BusQueue(name, time);
        // §2.5.1.1: three and a half characters of eleven bits; above 19200 baud 1.75 ms.
        _gap = parameters.Baud > 19_200 ? TimeSpan.FromMilliseconds(1.75) : TimeSpan.FromSeconds(3.5 * 11 / parameters.Baud);
    }

    public string Name { get; }

    public UartParameters Parameters { get; }

    /// <summary>Slaves that have it open.</summary>
    public HashSet<byte> Slaves { get; } = [];

    /// <returns>The whole reply, of registers or of an exception.</returns>
    /// <exception cref="DriverException">No port, silence, garbage or a wrong checksum.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(BusQueue.Holder holder, byte[] request, int dataBytes, CancellationToken cancellationToken)
    {
        await _queue.EnterAsync(holder, TurnTime, cancellationToken).ConfigureAwait(false);
        try
        {
            _port ??= _open();
            var frames = new FrameReader(_port, holder.Name, _time);
            if (_gap - _time.GetElapsedTime(_quietSince) is { Ticks: > 0 } left)
                await Task.Delay(left, _time, cancellationToken).ConfigureAwait(false);
            frames.Discard(); // a reply that came too late is not the next one's
            await _port.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            return await frames.ReadAsync(
                bytes => ModbusFrame.FindReply(bytes, request[0], request[1], dataBytes), ReplyTime,
                "its address and baud rate, A and B (swap them), the 120 Ω at both ends, and its supply", cancellationToken).ConfigureAwait(false);
        }
        catch (DriverException ex) when (ex.Came.Contains("hung up", StringComparison.Ordinal))
        {
            ClosePort();
            throw;
        }
        catch (DriverException ex) when (ex.Device != holder.Name)
        {
            throw new DriverException(ex.Fault, holder.Name, ex.Came, ex.Check, ex); // the port does not know for whom it was opened
        }
        catch (IOException ex) when (ex is not DriverException)
        {
            ClosePort();
            throw new DriverException(DriverFault.Absent, holder.Name, $"the line took no bytes ({ex.Message})", "the RS-485 adapter and its cable", ex);
        }
        finally
        {
            _quietSince = _time.GetTimestamp();
            _queue.Exit();
        }
    }

    public void Dispose()
    {
        ClosePort();
        _queue.Dispose();
    }

    private void ClosePort()
    {
        _port?.Dispose();
        _port = null;
    }
}
