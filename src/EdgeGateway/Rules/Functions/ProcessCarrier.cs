using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Functions;

/// <summary>
/// A function in a process of its own that lives on: one line of JSON a request on its standard input,
/// `{"id":n,"event":…,"context":{…}}`, one a reply on its standard output, `{"id":n,"result":…}` or
/// `{"id":n,"error":{"type":…,"message":…}}`, in any order. Started with the first call, after a failure again with a growing pause; killed
/// with its whole group when a call passes its deadline, since nobody can tell what it is at. What it writes on standard error is logged.
/// </summary>
internal sealed partial class ProcessCarrier : IFunctionCarrier
{
    private const int MaxLineChars = 1024 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly FunctionDefinition _function;
    private readonly ControlGroups _groups;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _starting = new(1);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<FunctionAnswer>> _waiting = new();
    private Process? _process; // null again once it has ended
    private Task _ended = Task.CompletedTask;
    private long _lastId;
    private long _starts;
    private int _failures;
    private long _failedAt;

    public ProcessCarrier(FunctionDefinition function, ControlGroups groups, TimeProvider time, ILogger logger) => (_function, _groups, _time, _logger) = (function, groups, time, logger);

    public string Kind => "process";

    public string Target => string.Join(' ', _function.Command);

    public long Restarts => Math.Max(0, Interlocked.Read(ref _starts) - 1);

    public async Task<FunctionAnswer> CallAsync(ReadOnlyMemory<byte> @event, FunctionCall call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (await StartedAsync(cancellationToken) is not { } process)
            return FunctionAnswer.Failed($"{_function.Name} failed and is not started again yet", mayPass: true);
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<FunctionAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            var deadline = Task.Delay(timeout, _time, cancellationToken);
            if (await Task.WhenAny(SendAsync(process, Request(id, @event, call, timeout)), deadline) != deadline && await Task.WhenAny(answer.Task, deadline) == answer.Task)
            {
                _failures = 0;
                return await answer.Task;
            }
            cancellationToken.ThrowIfCancellationRequested();
            Kill(process);
            return FunctionAnswer.Failed($"{_function.Name} did not answer within {timeout.TotalMilliseconds:0} ms", mayPass: true);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            Kill(process);
            await _ended; // the reader disposes of the process
        }
        _starting.Dispose();
        _writing.Dispose();
    }

    private async Task<Process?> StartedAsync(CancellationToken cancellationToken)
    {
        if (_process is { } running)
            return running;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_process is { } started)
                return started;
            var pause = FirstPause * Math.Pow(2, Math.Min(_failures - 1, 10));
            if (_failures > 0 && _time.GetElapsedTime(_failedAt) < (pause < LongestPause ? pause : LongestPause))
                return null;
            return Start();
        }
        catch (System.ComponentModel.Win32Exception ex)
        {
            Failed(ex.Message);
            return null;
        }
        finally
        {
            _starting.Release();
        }
    }

    // A session of its own makes the group that is killed as a whole; prlimit caps memory everywhere, a control group, where there is one,
    // memory with all children, processor time and their number. The shell enters it before it becomes the function.
    private Process Start()
    {
        string[] caps = ["setsid", "prlimit", $"--data={_function.MemoryBytes.ToString(CultureInfo.InvariantCulture)}", "--nproc=512", "--core=0", .. _function.Command];
        if (_groups.Make(_function) is { } group)
            caps = ["/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", Path.Combine(group, "cgroup.procs"), .. caps];
        var info = new ProcessStartInfo(caps[0], caps[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        var process = Process.Start(info)!;
        var id = process.Id;
        Interlocked.Increment(ref _starts);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
                LogSaid(_function.Name, text.Length > 500 ? text[..500] : text);
        };
        process.BeginErrorReadLine();
        _process = process; // before its reader, which takes it away again
        _ended = Task.Factory.StartNew(() => Read(process), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        LogStarted(_function.Name, id);
        return process;
    }

    // On a thread of its own until the process ends; what still waits then has failed.
    private void Read(Process process)
    {
        var line = new StringBuilder();
        var buffer = new char[8192];
        try
        {
            for (int count; (count = process.StandardOutput.Read(buffer, 0, buffer.Length)) > 0;)
            {
                var rest = buffer.AsSpan(0, count);
                for (int end; (end = rest.IndexOf('\n')) >= 0; rest = rest[(end + 1)..])
                {
                    Reply(line.Append(rest[..end]).ToString());
                    line.Clear();
                }
                if (line.Append(rest).Length <= MaxLineChars)
                    continue;
                Failed($"a line of more than {MaxLineChars} characters");
                Kill(process);
                break;
            }
        }
        catch (Exception ex) when (ex is IOException or ObjectDisposedException)
        {
            LogSaid(_function.Name, ex.Message);
        }
        Ended(process);
    }

    private void Ended(Process process)
    {
        Kill(process);
        process.WaitForExit();
        var code = process.ExitCode;
        Failed($"it ended with {code}");
        Interlocked.CompareExchange(ref _process, null, process);
        foreach (var (id, answer) in _waiting)
        {
            if (_waiting.TryRemove(id, out _))
                answer.TrySetResult(FunctionAnswer.Failed($"the process of {_function.Name} ended with {code}", mayPass: true));
        }
        process.Dispose();
    }

    private void Failed(string why)
    {
        _failures++;
        _failedAt = _time.GetTimestamp();
        LogFailed(_function.Name, why);
    }

    private void Reply(string line)
    {
        if (line.Length == 0)
            return;
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id", out var id) || !id.TryGetInt64(out var number) || !_waiting.TryRemove(number, out var answer))
                LogGarbage(_function.Name, "a reply without the id of a request");
            else if (root.TryGetProperty("error", out var error))
                answer.TrySetResult(FunctionAnswer.Failed(error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) ? message.ToString() : error.ToString(), mayPass: false));
            else if (root.TryGetProperty("result", out var result))
                answer.TrySetResult(FunctionAnswer.Done(Encoding.UTF8.GetBytes(result.GetRawText())));
            else
                answer.TrySetResult(FunctionAnswer.Failed($"{_function.Name} replied with neither result nor error", mayPass: false));
        }
        catch (JsonException)
        {
            LogGarbage(_function.Name, "a line that is not JSON");
        }
    }

    private async Task SendAsync(Process process, byte[] line)
    {
        await _writing.WaitAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(line);
            await process.StandardInput.BaseStream.FlushAsync();
        }
        catch (Exception ex) when (ex is IOException or InvalidOperationException)
        {
            LogSaid(_function.Name, $"its input is closed: {ex.Message}"); // its end is seen by the reader, which answers
        }
        finally
        {
            _writing.Release();
        }
    }

    private static byte[] Request(long id, ReadOnlyMemory<byte> @event, FunctionCall call, TimeSpan timeout)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = PlainJsonEncoder.Instance, SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WritePropertyName("event");
            WriteOnOneLine(writer, @event);
            writer.WriteStartObject("context");
            writer.WriteString("rule", call.Rule);
            writer.WriteString("topic", call.Topic);
            writer.WriteString("clientId", call.ClientId ?? "n/a");
            writer.WriteString("traceId", call.TraceId);
            writer.WriteNumber("deadlineMs", (long)timeout.TotalMilliseconds);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    // A payload passed through as it came may have line ends in it.
    private static void WriteOnOneLine(Utf8JsonWriter writer, ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            writer.WriteRawValue(json.Span, skipInputValidation: true);
            return;
        }
        using var document = JsonDocument.Parse(json);
        document.RootElement.WriteTo(writer);
    }

    private void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                _groups.Kill(_function); // also who left the group of processes
                _ = Native.KillGroup(process.Id);
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception ex) when (ex is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            LogSaid(_function.Name, $"it could not be ended: {ex.Message}");
        }
    }

    private static partial class Native
    {
        private const int SigKill = 9;

        public static int KillGroup(int leader) => Kill(-leader, SigKill);

        [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill")]
        private static partial int Kill(int process, int signal);
    }

    [LoggerMessage(7020, LogLevel.Information, "Function {Function} started as process {Process}")]
    private partial void LogStarted(string function, int process);

    [LoggerMessage(7021, LogLevel.Warning, "Function {Function} failed: {Reason}")]
    private partial void LogFailed(string function, string reason);

    [LoggerMessage(7022, LogLevel.Information, "Function {Function}: {Line}")]
    private partial void LogSaid(string function, string line);

    [LoggerMessage(7023, LogLevel.Warning, "Function {Function} printed {What}")]
    private partial void LogGarbage(string function, string what);
}
