using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGateway.Gateway.Loops;

/// <summary>The system calls of the event loops: epoll(7), accept4(2), recv(2), send(2). Descriptors are plain numbers here: a SafeHandle per connection costs more than the connection.</summary>
internal static unsafe partial class LinuxSockets
{
    public const int WouldBlock = 11, Interrupted = 4, TooManyInProcess = 24, TooManyInSystem = 23; // EAGAIN, EINTR, EMFILE, ENFILE
    public const uint Readable = 1, Writable = 4, Error = 8, HangUp = 0x10; // EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP
    private const int Add = 1, Remove = 2, Modify = 3;
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int TcpLevel = 6, NoDelay = 1;
    private const int AddressBytes = 28; // sockaddr_in6

    // struct epoll_event is packed on x64 alone.
    public static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    public static readonly int EventDataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int CreateEpoll() => Checked(epoll_create1(CloseOnExec), "epoll_create1");

    public static int CreateWaker() => Checked(eventfd(0, NonBlocking | CloseOnExec), "eventfd");

    public static void Watch(int epoll, int descriptor, uint events) => Control(epoll, Add, descriptor, events);

    public static void Change(int epoll, int descriptor, uint events) => Control(epoll, Modify, descriptor, events);

    public static void Unwatch(int epoll, int descriptor) => Control(epoll, Remove, descriptor, 0);

    public static int Wait(int epoll, byte* events, int count, int milliseconds) => epoll_wait(epoll, events, count, milliseconds);

    public static void Wake(int waker)
    {
        ulong one = 1;
        _ = write(waker, &one, sizeof(ulong)); // full means that it is awake already
    }

    public static void ClearWaker(int waker)
    {
        ulong count;
        _ = read(waker, &count, sizeof(ulong));
    }

    /// <returns>A non-blocking connection without Nagle's delay; negative: see <see cref="LastError"/>.</returns>
    public static int Accept(int listener, out IPEndPoint? remote)
    {
        var address = stackalloc byte[AddressBytes];
        var length = (uint)AddressBytes;
        remote = null;
        var descriptor = accept4(listener, address, &length, NonBlocking | CloseOnExec);
        if (descriptor < 0)
            return descriptor;
        var on = 1;
        _ = setsockopt(descriptor, TcpLevel, NoDelay, &on, sizeof(int));
        var bytes = new ReadOnlySpan<byte>(address, AddressBytes);
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        remote = BinaryPrimitives.ReadUInt16LittleEndian(bytes) == (int)AddressFamily.InterNetwork
            ? new(new IPAddress(bytes.Slice(4, 4)), port)
            : new(new IPAddress(bytes.Slice(8, 16)), port);
        return descriptor;
    }

    /// <returns>Bytes received; 0: the peer ended; negative: see <see cref="LastError"/>.</returns>
    public static int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return (int)recv(descriptor, start, (nuint)buffer.Length, 0);
    }

    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return (int)send(descriptor, start, (nuint)bytes.Length, NoSignal);
    }

    /// <summary>Sends FIN after what was sent.</summary>
    public static void EndSending(int descriptor) => _ = shutdown(descriptor, 1);

    public static void Close(int descriptor) => _ = close(descriptor);

    public static int LastError => Marshal.GetLastPInvokeError();

    private static void Control(int epoll, int operation, int descriptor, uint events)
    {
        var change = stackalloc byte[16];
        *(uint*)change = events;
        *(int*)(change + EventDataOffset) = descriptor;
        Checked(epoll_ctl(epoll, operation, descriptor, change), "epoll_ctl");
    }

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int descriptor, byte* address, uint* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int name, int* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, void* bytes, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, void* bytes, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
