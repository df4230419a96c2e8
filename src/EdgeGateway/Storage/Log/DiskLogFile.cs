using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGateway.Storage.Log;

/// <summary>One file of a log on a real disk.</summary>
internal sealed partial class DiskLogFile : ILogFile
{
    private const int NoSpace = 28, QuotaExceeded = 122; // ENOSPC, EDQUOT
    private const int NotSupported = 95; // EOPNOTSUPP: the file system cannot reserve
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    public DiskLogFile(string path, FileMode mode)
    {
        _path = path;
        try
        {
            _handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (IOException ex) when (ex.HResult is NoSpace or QuotaExceeded)
        {
            throw new LogFullException($"no room to make {path}", ex);
        }
    }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (count == 0)
                break;
            total += count;
        }
        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException ex) when (ex.HResult is NoSpace or QuotaExceeded)
        {
            throw new LogFullException($"no room to write {_path}", ex);
        }
    }

    public void Allocate(long length)
    {
        var error = Reserve(_handle, 0, length); // returns the error, does not set errno
        if (error is NoSpace or QuotaExceeded)
            throw new LogFullException($"no room for {length} bytes of {_path}");
        if (error == NotSupported)
            RandomAccess.SetLength(_handle, length);
        else if (error != 0)
            throw new IOException($"posix_fallocate {_path}: error {error}", error);
    }

    public void Sync()
    {
        if (FlushData(_handle) != 0)
            throw Failure("fdatasync", _path);
    }

    public void Dispose() => _handle.Dispose();

    internal static IOException Failure(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{call} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushData(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Reserve(SafeFileHandle handle, long offset, long length);
}
