using System.Text.Json;
using System.Threading.Channels;
using EdgeGateway.Configuration;
using EdgeGateway.Drivers;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Devices;

/// <summary>
/// Drives one output after its shadow: desired → line → reported, where reported is read back from the real line. What is followed is the last
/// command, an update of the desired section; without one, or when it is stale, the safe state. A command that may not be carried out yet (an
/// interlock, a minimum time) waits, part by part, and a newer one takes its place.
/// </summary>
internal sealed partial class OutputRunner : IMessageSink
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5), LookInterval = TimeSpan.FromSeconds(10), FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1);
    private readonly OutputOptions _options;
    private readonly IActuator _actuator;
    private readonly bool _restores;
    private readonly Interlocks _interlocks;
    private readonly IMessageBus _bus;
    private readonly IShadows _shadows;
    private readonly DeviceMessages _messages;
    private readonly DeviceStatus _status;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }); // one pending wake is enough: the newest command is read then
    private readonly Dictionary<string, (bool IsActive, long Since)> _held = new(StringComparer.Ordinal);
    private int _commands;          // commanded since the last look; written by the bus
    private ActuatorState? _wanted; // null: the safe state
    private long _commandedAt;
    private bool _isDone;           // what is wanted is driven
    private ActuatorState? _real;   // as read back; null: unknown
    private long _lookedAt;
    private bool _wasKnown;
    private TimeSpan _pause = FirstPause;

    /// <param name="restores">The shadow's desired state is a command from the start on.</param>
    public OutputRunner(
        OutputOptions options, IActuator actuator, bool restores, Interlocks interlocks, IMessageBus bus, IShadows shadows, DeviceMessages messages, DeviceStatus status, TimeProvider time, ILogger log) =>
        (_options, _actuator, _restores, _interlocks, _bus, _shadows, _messages, _status, _time, _log) = (options, actuator, restores, interlocks, bus, shadows, messages, status, time, log);

    private string Name => _options.Wired.Name;

    /// <exception cref="DriverHangsException">A call of the driver has not come back.</exception>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        await _messages.RegisterAsync(_options.Wired, stoppingToken);
        using var updated = _bus.Subscribe($"$aws/things/{Name}/shadow/update/accepted", this);
        using var deleted = _bus.Subscribe($"$aws/things/{Name}/shadow/delete/accepted", this);
        _interlocks.Freed += Wake;
        var (isOrderly, hangs) = (false, false);
        try
        {
            if (_restores)
                await RestoreAsync(stoppingToken);
            while (true)
                await WaitAsync(await TryStepAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            isOrderly = true;
            throw;
        }
        catch (DriverHangsException)
        {
            hangs = true; // it would not do better with another call: its lines are closed, and the next instance makes them safe
            throw;
        }
        finally
        {
            _interlocks.Freed -= Wake;
            if (hangs)
                _interlocks.Unknown(Name);
            else
                await LeaveAsync(isOrderly);
        }
    }

    /// <summary>The shadow has changed. Only an update of the desired section is a command: it counts anew even where it says the same.</summary>
    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (message.Origin.Source != "shadow")
            return DurabilityTicket.None; // a client's, who may publish what looks like an answer
        if (message.Topic.EndsWith("/delete/accepted"u8) || DeviceJson.HasDesired(message.Payload))
        {
            Interlocked.Exchange(ref _commands, 1);
            _wakes.Writer.TryWrite(true);
        }
        return DurabilityTicket.None;
    }

    private void Wake(string device)
    {
        if (device == Name)
            _wakes.Writer.TryWrite(true);
    }

    private async Task RestoreAsync(CancellationToken stoppingToken)
    {
        if (Desired() is not { } desired)
            return;
        if (_options.StaleAfter > TimeSpan.Zero)
        {
            var answer = await _shadows.GetAsync(ShadowId.Classic(Name), default, stoppingToken);
            if (DeviceJson.DesiredAt(answer.Body.Span) is not { } at || _time.GetUtcNow() - at is var age && (age >= _options.StaleAfter || age < TimeSpan.Zero))
            {
                LogStale(Name);
                return;
            }
            _commandedAt = _time.GetTimestamp() - (long)(age.TotalSeconds * _time.TimestampFrequency);
        }
        _wanted = desired;
    }

    /// <returns>When to look again, if nothing happens before.</returns>
    private async Task<TimeSpan> TryStepAsync(CancellationToken stoppingToken)
    {
        try
        {
            var next = await StepAsync(stoppingToken);
            _pause = FirstPause;
            return next;
        }
        catch (DriverException ex)
        {
            await _status.FailsAsync(ex.Message, stoppingToken);
            if (ex.Fault == DriverFault.Option)
                return Refuse();
            (_isDone, _real) = (false, null);
            _held.Clear();
            _interlocks.Unknown(Name);
            var pause = _pause;
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            return pause;
        }
    }

    // A state the driver does not know is not tried again: what there is stays until the next command.
    private TimeSpan Refuse()
    {
        _wanted = _real;
        _isDone = _real is not null;
        return _isDone ? LookInterval : TimeSpan.Zero;
    }

    private async Task<TimeSpan> StepAsync(CancellationToken stoppingToken)
    {
        TakeCommand();
        var left = Timeout.InfiniteTimeSpan;
        if (_wanted is not null && _options.StaleAfter > TimeSpan.Zero)
        {
            left = _options.StaleAfter - _time.GetElapsedTime(_commandedAt);
            if (left <= TimeSpan.Zero)
            {
                LogStale(Name);
                (_wanted, _isDone, left) = (null, false, Timeout.InfiniteTimeSpan);
            }
        }
        if (_real is null && _wanted is not null && MayStartWith(_wanted))
            await DriveAsync(_wanted, stoppingToken); // opens the line at the level wanted: no other shows
        else if (_real is null || (!_isDone && _wanted is null))
            await DriveAsync(null, stoppingToken);
        TimeSpan? wait = null;
        while (!_isDone && Allowed(out wait) is { } allowed)
            await DriveAsync(allowed, stoppingToken);
        if (_time.GetElapsedTime(_lookedAt) >= LookInterval)
            await LookAsync(stoppingToken);
        return Earliest(Earliest(left, wait), LookInterval - _time.GetElapsedTime(_lookedAt));
    }

    private void TakeCommand()
    {
        if (Interlocked.Exchange(ref _commands, 0) == 0)
            return;
        _wanted = Desired();
        _commandedAt = _time.GetTimestamp();
        _isDone = false;
        _pause = FirstPause;
    }

    // How long it has been off before a start or a failure is unknown, so a minimum begins then; a line that was held over a restart is on, and stays so.
    private bool MayStartWith(ActuatorState wanted)
    {
        if (_options.MinimumOff > TimeSpan.Zero && (_wasKnown || !_options.HoldsOnStop))
            return false;
        foreach (var value in wanted.Values)
            if (IsActive(value.Value) && !_interlocks.TryActivate(Name, value.Name, out _, out _))
                return false;
        return true;
    }

    /// <summary>The part of what is wanted that differs from the line and may be driven now; null where nothing is left, or all of it waits.</summary>
    private ActuatorState? Allowed(out TimeSpan? wait)
    {
        wait = null;
        var allowed = new List<NamedState>();
        string? waiting = null;
        foreach (var value in _wanted?.Values ?? [])
        {
            if (_real!.Find(value.Name) is { } real && real == value.Value)
                continue;
            var isActive = IsActive(value.Value);
            var (wasActive, since) = _held.GetValueOrDefault(value.Name, (isActive, 0));
            var hold = wasActive == isActive ? TimeSpan.Zero : (wasActive ? _options.MinimumOn : _options.MinimumOff) - _time.GetElapsedTime(since);
            if (hold > TimeSpan.Zero)
            {
                waiting ??= $"{value.Name}: {(wasActive ? "on" : "off")} for {Units.FormatDuration(wasActive ? _options.MinimumOn : _options.MinimumOff)} at least";
                wait = Earliest(wait ?? Timeout.InfiniteTimeSpan, hold);
            }
            else if (isActive && !_interlocks.TryActivate(Name, value.Name, out var why, out var until))
            {
                waiting ??= $"{value.Name}: {why}";
                if (until is { } pause)
                    wait = Earliest(wait ?? Timeout.InfiniteTimeSpan, pause);
            }
            else
                allowed.Add(value);
        }
        _status.Waits(waiting);
        _isDone = allowed.Count == 0 && waiting is null;
        return allowed.Count == 0 ? null : new([.. allowed]);
    }

    /// <param name="state">Null: the safe state.</param>
    private async Task DriveAsync(ActuatorState? state, CancellationToken stoppingToken)
    {
        await DriverCall.RunAsync(token => state is null ? _actuator.MakeSafeAsync(token) : _actuator.SetAsync(state, token), Deadline, _time, stoppingToken);
        if (state is null)
        {
            _isDone = _wanted is null;
            _status.Waits(null);
        }
        await LookAsync(stoppingToken, driven: state, isLook: false);
    }

    /// <summary>Reads the line back and reports it; a switch that is not as it was driven, because its chip has restarted, is driven again.</summary>
    private async Task LookAsync(CancellationToken stoppingToken, ActuatorState? driven = null, bool isLook = true)
    {
        var before = _real;
        var real = await DriverCall.RunAsync(_actuator.ReadStateAsync, Deadline, _time, stoppingToken);
        (_real, _lookedAt, _wasKnown) = (real, _time.GetTimestamp(), true);
        foreach (var value in real.Values)
        {
            var isActive = IsActive(value.Value);
            if (!_held.TryGetValue(value.Name, out var held) || held.IsActive != isActive)
                _held[value.Name] = (isActive, _lookedAt);
        }
        _interlocks.Settle(Name, real.Values.Select(static value => (value.Name, IsActive(value.Value))));
        WiredValue[] values = [.. real.Values.Select(static value => new WiredValue(value.Name, value.Value, Unit.None, ReadingQuality.Good))];
        await _status.WorksAsync(_time.GetUtcNow(), values, stoppingToken);
        if (!real.Equals(before))
            await _messages.ReportAsync(Name, values, stoppingToken);
        if (isLook)
            _isDone &= _wanted is null ? real.Equals(before) : !_wanted.Values.Any(wanted => wanted.Value.Text is ActuatorState.On or ActuatorState.Off && !Has(real, wanted));
        else if (driven is not null && driven.Values.Any(value => !Has(real, value)))
            _isDone = true; // as near as it goes: a level is rounded, a servo is on its way
    }

    private static bool Has(ActuatorState state, NamedState wanted) => state.Find(wanted.Name) is { } value && value == wanted.Value;

    private async Task WaitAsync(TimeSpan time, CancellationToken stoppingToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var woken = _wakes.Reader.WaitToReadAsync(waiting.Token).AsTask();
        await Task.WhenAny(woken, Task.Delay(time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : time, _time, waiting.Token));
        await waiting.CancelAsync();
        _wakes.Reader.TryRead(out _);
        stoppingToken.ThrowIfCancellationRequested();
    }

    private async Task LeaveAsync(bool isOrderly)
    {
        if (isOrderly && _options.HoldsOnStop && _actuator is IHoldsItsState holds)
        {
            holds.KeepsStateOnDispose = true;
            return;
        }
        try
        {
            await DriverCall.RunAsync(_actuator.MakeSafeAsync, Deadline, _time, CancellationToken.None);
        }
        catch (Exception ex) when (ex is DriverException or DriverHangsException)
        {
            LogNotSafe(Name, ex.Message);
        }
        _interlocks.Unknown(Name);
    }

    private ActuatorState? Desired()
    {
        if (_shadows.Find(ShadowId.Classic(Name)) is not { Exists: true } shadow)
            return null;
        using var state = JsonDocument.Parse(shadow.State);
        return state.RootElement.TryGetProperty("desired", out var desired) ? DeviceJson.ReadState(desired) : null;
    }

    private static bool IsActive(StateValue value) => value.IsNumber ? value.Number != 0 : value.Text is not ("off" or "released" or "release" or "");

    private static TimeSpan Earliest(TimeSpan one, TimeSpan? other) =>
        other is not { } two || two == Timeout.InfiniteTimeSpan ? one : one == Timeout.InfiniteTimeSpan || two < one ? two : one;

    [LoggerMessage(6005, LogLevel.Warning, "{Output} could not be driven safe: {Why}")]
    private partial void LogNotSafe(string output, string why);

    [LoggerMessage(6006, LogLevel.Warning, "The last command to {Output} is stale: its safe state is driven")]
    private partial void LogStale(string output);
}
