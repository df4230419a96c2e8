using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Hardware;

/// <summary>A terminal device in raw mode.</summary>
internal sealed unsafe class LinuxUartPort : IUartPort
{
    private const int TermiosBytes = 64; // struct termios of glibc and musl has 60
    private const int ControlFlags = 8; // offset of c_cflag
    private const int ControlCharacters = 17; // offset of c_cc
    private const int MinimumIndex = 6, TimeIndex = 5; // VMIN, VTIME
    private const uint Size8 = 0x30, TwoStops = 0x40, Receiver = 0x80, ParityOn = 0x100, ParityOdd = 0x200, IgnoreModem = 0x800;
    private const short PollIn = 1;
    private const int PollMilliseconds = 100;

    private int _file;

    /// <exception cref="IOException">Not there, not a serial port, or a baud rate it does not know.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public LinuxUartPort(string name, UartParameters parameters)
    {
        Name = name;
        _file = LibC.Open($"/dev/{name}", LibC.OpenReadWrite | LibC.OpenNoControllingTerminal | LibC.OpenNonBlocking | LibC.OpenCloseOnExec);
        if (_file < 0)
            throw LibC.Failure($"/dev/{name}");
        try
        {
            var termios = stackalloc byte[TermiosBytes];
            if (LibC.GetTerminal(_file, termios) < 0)
                throw LibC.Failure($"/dev/{name}");
            LibC.MakeRaw(termios);
            var flags = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(termios + ControlFlags, 4));
            flags = (flags & ~(TwoStops | ParityOn | ParityOdd)) | Size8 | Receiver | IgnoreModem;
            flags |= parameters.StopBits == 2 ? TwoStops : 0;
            flags |= parameters.Parity switch { UartParity.Even => ParityOn, UartParity.Odd => ParityOn | ParityOdd, _ => 0 };
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(termios + ControlFlags, 4), flags);
            termios[ControlCharacters + MinimumIndex] = 0;
            termios[ControlCharacters + TimeIndex] = 0;
            if (LibC.SetSpeed(termios, Speed(parameters.Baud)) < 0 || LibC.SetTerminal(_file, 0, termios) < 0)
                throw LibC.Failure($"/dev/{name} at {parameters.Baud} baud");
            DiscardInput();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        new(Task.Run(() => Read(buffer.Span, cancellationToken), cancellationToken));

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // Frames of some ten bytes: the kernel's buffer of 4 KB takes them at once.
        fixed (byte* start = bytes.Span)
        {
            for (var written = 0; written < bytes.Length;)
            {
                var count = LibC.Write(_file, start + written, (nuint)(bytes.Length - written));
                if (count < 0 && LibC.Errno is not (LibC.Again or LibC.Interrupted))
                    throw LibC.Failure($"/dev/{Name}");
                cancellationToken.ThrowIfCancellationRequested();
                written += (int)Math.Max(count, 0);
            }
        }

        return ValueTask.CompletedTask;
    }

    public void DiscardInput()
    {
        const int input = 0; // TCIFLUSH
        _ = LibC.Flush(_file, input);
    }

    public void Dispose()
    {
        var file = Interlocked.Exchange(ref _file, -1);
        if (file >= 0)
            _ = LibC.Close(file);
    }

    private int Read(Span<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = _file;
            if (file < 0)
                return 0;
            var entry = new LibC.PollEntry { File = file, Events = PollIn };
            var ready = LibC.Poll(&entry, 1, PollMilliseconds);
            if (ready <= 0)
                continue;
            fixed (byte* start = buffer)
            {
                var count = LibC.Read(file, start, (nuint)buffer.Length);
                if (count > 0)
                    return (int)count;
                if ((entry.Returned & ~PollIn) != 0)
                    return 0; // hung up
                if (count < 0 && LibC.Errno is not (LibC.Again or LibC.Interrupted))
                    throw LibC.Failure($"/dev/{Name}");
            }
        }
    }

    // asm-generic/termbits.h
    private static uint Speed(int baud) => baud switch
    {
        1200 => 9,
        2400 => 11,
        4800 => 12,
        9600 => 13,
        19200 => 14,
        38400 => 15,
        57600 => 0x1001,
        115200 => 0x1002,
        _ => throw new IOException($"{baud} baud is none of 1200 to 115200"),
    };
}
