/** How the pieces of the lesson panel read the room of their desk. */
import { useStore } from 'zustand'
import { useDesk } from '../../state/hooks.ts'
import { type Room, type RoomState, roomOf } from './room.ts'

export const useRoom = (): Room => roomOf(useDesk())

export const useRoomState = <T>(pick: (state: RoomState) => T): T => useStore(useRoom().store, pick)
