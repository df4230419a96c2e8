using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeGateway.Drivers.Hardware;

/// <summary>A thread that waits for files to become readable.</summary>
internal sealed unsafe class EpollLoop : IDisposable
{
    private const int Add1 = 1, Delete = 2, CloseOnExec = 0x80000;
    private const uint Readable = 1;
    private const int StopToken = -1;
    private const int EventsAtOnce = 16;

    // struct epoll_event is packed on x64 only.
    private static readonly int TokenOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly int _epoll;
    private readonly int _stop;
    private readonly Thread _thread;
    private readonly Action<int> _readable;

    /// <param name="readable">Gets the token of the file that can be read.</param>
    public EpollLoop(string name, Action<int> readable)
    {
        _readable = readable;
        _epoll = LibC.EpollCreate(CloseOnExec);
        _stop = LibC.EventFile(0, CloseOnExec);
        if (_epoll < 0 || _stop < 0)
            throw LibC.Failure("epoll");
        Add(_stop, StopToken);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public void Add(int file, int token)
    {
        var entry = stackalloc byte[16];
        new Span<byte>(entry, 16).Clear();
        *(uint*)entry = Readable;
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(entry + TokenOffset, 8), token);
        if (LibC.EpollControl(_epoll, Add1, file, entry) < 0)
            throw LibC.Failure("watching a file");
    }

    public void Remove(int file)
    {
        var entry = stackalloc byte[16];
        _ = LibC.EpollControl(_epoll, Delete, file, entry); // a file that was closed is no longer watched
    }

    public void Dispose()
    {
        ulong one = 1;
        _ = LibC.Write(_stop, &one, 8);
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _ = LibC.Close(_stop);
        _ = LibC.Close(_epoll);
    }

    private void Run()
    {
        var events = stackalloc byte[EventsAtOnce * 16];
        while (true)
        {
            var count = LibC.EpollWait(_epoll, events, EventsAtOnce, -1);
            for (var i = 0; i < count; i++)
            {
                var token = (int)BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(events + (i * EventSize) + TokenOffset, 8));
                if (token == StopToken)
                    return;
                _readable(token);
            }

            if (count < 0 && LibC.Errno != LibC.Interrupted)
                return; // the files are closed
        }
    }
}
