using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using SchoolHome.Grains;

namespace SchoolHome.Tests.Storage;

/// <summary>The smallest actor that keeps something and can be woken.</summary>
[Alias("test-notebook")]
internal interface INotebookGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string line);

    [Alias("read")]
    Task<string> ReadAsync();

    [Alias("now")]
    Task<DateTimeOffset> NowAsync();

    [Alias("set-reminder")]
    Task SetReminderAsync(string name);

    [Alias("reminders")]
    Task<List<string>> RemindersAsync();

    [Alias("drop-reminder")]
    Task DropReminderAsync(string name);
}

[GrainType("test-notebook")]
[SuppressMessage("Performance", "CA1812", Justification = "Orleans creates it.")]
internal sealed class NotebookGrain(
    [PersistentState("test-notebook")] IPersistentState<NotebookState> state,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock) : Grain, INotebookGrain, IRemindable
{
    public async Task WriteAsync(string line)
    {
        state.State = new NotebookState { Text = state.State.Text + line, Kind = NotebookKind.LetterHome };
        await state.WriteStateAsync();
    }

    public Task<string> ReadAsync() => Task.FromResult(state.State.Text);

    public Task<DateTimeOffset> NowAsync() => Task.FromResult(clock.GetUtcNow());

    public Task SetReminderAsync(string name) => this.RegisterOrUpdateReminder(name, TimeSpan.FromDays(1), TimeSpan.FromDays(7));

    public async Task<List<string>> RemindersAsync() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order()];

    public async Task DropReminderAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

internal sealed record NotebookState
{
    public int Schema { get; init; } = 1;

    public string Text { get; init; } = "";

    public NotebookKind Kind { get; init; }

    public string? Nothing { get; init; }

    public Dictionary<string, int> PagesByChild { get; init; } = [];
}

internal enum NotebookKind
{
    Unset,
    LetterHome,
}

/// <summary>An actor that writes only when it goes away.</summary>
[Alias("test-diary")]
internal interface IDiaryGrain : IGrainWithStringKey
{
    [Alias("remember")]
    Task RememberAsync(string line);
}

[GrainType("test-diary")]
[SuppressMessage("Performance", "CA1812", Justification = "Orleans creates it.")]
internal sealed class DiaryGrain([PersistentState("test-diary")] IPersistentState<NotebookState> state) : Grain, IDiaryGrain
{
    public Task RememberAsync(string line)
    {
        state.State = new NotebookState { Text = line };
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => state.WriteStateAsync(cancellationToken);
}
